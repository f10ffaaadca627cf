import { expect, it } from 'vitest'
import { statusOfFault } from '../../../src/tools/import/fault-status.js'

it.each([
  [['AccountNotFoundFault'], 404],
  [['NoSuchCustomer'], 404],
  [['UnknownAccount'], 404],
  [['UnknownFault'], 502],
  [['CustomerDoesNotExist'], 404],
  [['ValidationException'], 422],
  [['InvalidRequestFault'], 422],
  [['AlreadyExistsFault'], 409],
  [['DuplicatePayment'], 409],
  [['AccessDenied'], 403],
  [['UnauthorizedException'], 403],
  [['ServiceException'], 502],
  [['Fault', 'CustomerNotFound'], 404],
])('%j → %i', (names, status) => {
  expect(statusOfFault(...names)).toBe(status)
})
