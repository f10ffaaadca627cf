import { AdapterError } from '../../base/errors.js'

/** The backend has ended the session: what was called has not been done. */
export class SessionEnded extends AdapterError {
  constructor() {
    super('backend-fault', 'The backend says that the session is over.')
  }
}
