/** The reason of a request that the user should split. Its `questions` are then the titles of the parts. */
export const SEVERAL = 'it is several changes: add them one by one'
