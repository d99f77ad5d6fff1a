/**
 * Writes of effects that others undo or wait for: whoever has one of an entity holds the entity until the commit, so that each sees what
 * the one before has done, whichever rows they write.
 */
export function settleFunctions(s: string): string {
  return `CREATE INDEX ledger_entity ON ${s}.ledger (entity, effect);
    CREATE FUNCTION ${s}.hold(of_entity bigint) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtextextended('${s.replaceAll("'", "''")}', of_entity));
    END $$;
    CREATE FUNCTION ${s}.write_held(
      to_dataset text, first_nr bigint, items int, new_body bytea, take int, is_conditional boolean, seen int, is_guarded boolean,
      l_effect text, l_at_ms double precision, l_entity bigint, l_cause text, l_part text, l_attempt int, l_count int,
      l_row bigint, l_group bigint
    ) RETURNS text LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM ${s}.hold(l_entity);
      RETURN ${s}.write(to_dataset, first_nr, items, new_body, take, is_conditional, seen, is_guarded,
        l_effect, l_at_ms, l_entity, l_cause, l_part, l_attempt, l_count, l_row, l_group);
    END $$;
    CREATE FUNCTION ${s}.tally(of_effect text, undone_by text[], of_entity bigint)
    RETURNS TABLE (applied int, undone int) LANGUAGE plpgsql AS $$
    BEGIN
      RETURN QUERY SELECT count(*) FILTER (WHERE effect = of_effect)::int, count(*) FILTER (WHERE effect = ANY (undone_by))::int
        FROM ${s}.ledger WHERE entity = of_entity AND effect = ANY (undone_by || of_effect);
    END $$;
    ${settle(s)}`;
}

/** `unless_elsewhere`: how often that stands by other stores' lines; `times` by rule of `timesToUndo`. */
function settle(s: string): string {
  return `CREATE FUNCTION ${s}.settle(
      unless text, unless_undone_by text[], unless_applied int, unless_undone int,
      undoes text, undone_by text[], elsewhere_applied int, elsewhere_undone int, units int,
      of_entity bigint, to_dataset text, first_nr bigint, items int, new_body bytea, is_guarded boolean,
      l_effect text, l_at_ms double precision, l_cause text, l_part text, l_attempt int, l_count int, l_row bigint, l_group bigint
    ) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE counts record; times int;
    BEGIN
      PERFORM ${s}.hold(of_entity);
      IF unless IS NOT NULL THEN
        SELECT * INTO counts FROM ${s}.tally(unless, unless_undone_by, of_entity);
        IF counts.applied + unless_applied > counts.undone + unless_undone THEN RETURN 'overtaken'; END IF;
      END IF;
      IF undoes IS NULL THEN
        RETURN ${s}.write(to_dataset, first_nr, items, new_body, 0, false, NULL, is_guarded,
          l_effect, l_at_ms, of_entity, l_cause, l_part, l_attempt, l_count, l_row, l_group);
      END IF;
      SELECT * INTO counts FROM ${s}.tally(undoes, undone_by, of_entity);
      times := counts.applied + elsewhere_applied;
      IF times = 0 THEN RETURN 'ok'; END IF;
      IF is_guarded THEN times := greatest(0, times - counts.undone - elsewhere_undone); END IF;
      IF times = 0 THEN RETURN 'repeat'; END IF;
      INSERT INTO ${s}.ledger (at_ms, effect, entity, cause, part, attempt, count, row_nr, group_nr, guarded)
        SELECT l_at_ms, l_effect, of_entity, l_cause, l_part, l_attempt, l_count, l_row, l_group, false FROM generate_series(1, times);
      UPDATE ${s}.rows r SET stock = r.stock + times * units WHERE r.dataset = to_dataset AND r.nr = first_nr AND units > 0;
      RETURN ${s}.write(to_dataset, first_nr, items, new_body, 0, false, NULL, false,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    END $$`;
}
