/** What files are called in the store: whose they are (`ws/<workspace>/<id>`), and nothing of what they are. */

export const objectKey = (workspaceId: string, id: string) => `ws/${workspaceId}/${id}`

/** One that is not sent yet: by its key alone it is told whether it was chosen for a template's header, or for the composer. */
export const uploadKey = (workspaceId: string, templateId: string | null, id: string) =>
  objectKey(workspaceId, templateId === null ? id : `${templateId}/${id}`)
