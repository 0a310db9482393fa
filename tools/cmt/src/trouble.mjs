// What goes wrong outside of this program.

/** A sentence with reason and remedy, to be printed as it is. */
export class Trouble extends Error {}
