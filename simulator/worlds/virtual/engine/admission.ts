/** Lets through a share of what comes, evenly: with a quarter, the fourth, the eighth, ... No draw, so that the answer is known on paper. */
export class Admission {
  private readonly share: number;
  private credit = 0;

  constructor(share: number) {
    this.share = share;
  }

  lets(): boolean {
    this.credit += this.share;
    if (this.credit < 1 - 1e-9) return false;
    this.credit -= 1;
    return true;
  }
}
