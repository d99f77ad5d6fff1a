export interface Anchor {
  x: number;
  y: number;
  text: string;
}

export interface Placed extends Anchor {
  textAnchor: 'start' | 'end' | 'middle';
  dx: number;
  dy: number;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const SPOTS = [
  ['start', 11, 0],
  ['end', -11, 0],
  ['middle', 0, -15],
  ['middle', 0, 15],
  ['start', 9, -13],
  ['start', 9, 13],
  ['end', -9, -13],
  ['end', -9, 13],
  ['start', 9, -26],
  ['start', 9, 26],
  ['end', -9, -26],
  ['end', -9, 26],
] as const;

/** What labels must keep clear of: the edges, and a line in steps (first sideways, then up or down) through these points. */
export interface Surroundings {
  bounds: Box;
  lines: readonly { x: number; y: number }[];
}

/** Puts each text beside its point, clear of other texts, points, lines and edges; in pixels, first come first served. */
export function placeLabels(anchors: readonly Anchor[], { bounds, lines }: Surroundings): Placed[] {
  const taken: Box[] = anchors.map(({ x, y }) => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 }));
  for (const [i, to] of lines.entries()) {
    const from = lines[i - 1];
    if (from === undefined) continue;
    taken.push({ left: from.x, right: to.x, top: from.y - 2, bottom: from.y + 2 });
    taken.push({ left: to.x - 2, right: to.x + 2, top: Math.min(from.y, to.y), bottom: Math.max(from.y, to.y) });
  }
  return anchors.map((anchor, i) => {
    const options = SPOTS.map(([textAnchor, dx, dy]) => ({ ...anchor, textAnchor, dx, dy }));
    const cost = (option: Placed) => {
      const box = boxOf(option);
      const covered = taken.reduce((sum, other, k) => (k === i ? sum : sum + overlap(box, other)), 0);
      return covered + outside(box, bounds) * 20;
    };
    const best = options.reduce((a, b) => (cost(b) < cost(a) ? b : a));
    taken.push(boxOf(best));
    return best;
  });
}

/** Letters of the charts' 12-pixel font are 6.6 pixels wide on average. */
function boxOf({ x, y, dx, dy, text, textAnchor }: Placed): Box {
  const width = text.length * 6.8;
  const left = x + dx - (textAnchor === 'end' ? width : textAnchor === 'middle' ? width / 2 : 0);
  return { left, right: left + width, top: y + dy - 8, bottom: y + dy + 8 };
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

function outside(box: Box, bounds: Box): number {
  return (
    Math.max(0, bounds.left - box.left) +
    Math.max(0, box.right - bounds.right) +
    Math.max(0, bounds.top - box.top) +
    Math.max(0, box.bottom - bounds.bottom)
  );
}
