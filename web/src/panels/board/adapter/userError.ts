/** An error whose message is a sentence for the person, to be shown as it is. */
export class UserError extends Error {}
