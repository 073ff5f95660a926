/** An error whose message is a sentence for the person, to be shown as it is. */
export class Plain extends Error {}
