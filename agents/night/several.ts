/** Why a request needs the user that is to be split; its questions are titles of the parts then. */
export const SEVERAL = 'it is several changes: add them one by one'
