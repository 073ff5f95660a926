/** Made by `build.ts`. */
declare module "virtual:emoji" {
  export const groups: [order: number, name: string][];
  export const emoji: [emoji: string, group: number, label: string, tags: string][];
}
