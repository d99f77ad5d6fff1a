/** A container of a stack. */
export interface Container {
  /** Its first twelve digits. */
  id: string;
  name: string;
  service: string;
  state: string;
  /** Empty where nothing looks after it. */
  health: string;
  /** Port of the container -> port of this machine's loopback. */
  ports: Readonly<Record<number, number>>;
}
