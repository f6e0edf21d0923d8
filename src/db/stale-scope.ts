/** What the viewer may see has changed since their scope was read: the page is drawn again under a fresh one. */
export class StaleScope extends Error {
  constructor() {
    super('The scope is older than the agent.')
    this.name = 'StaleScope'
  }
}
