import { expect, it } from 'vitest'
import { statusOfFault } from '../../../../src/tools/import/messages/fault-status.js'

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
  [['KundeIkkeFunnet'], 404],
  [['NoDataFound'], 404],
  [['InvalidStateFault'], 409],
  [['OptimisticLockException'], 409],
  [['AuthenticationFault'], 403],
  [['SessionExpiredFault'], 403],
  [['TooManyRequests'], 429],
  [['CreditLimitExceeded'], 422],
  [['BusinessFault'], 422],
  [['MissingParameterException'], 422],
  [['ServiceUnavailable'], 503],
  [['InformationFault'], 502],
])('%j → %i', (names, status) => {
  expect(statusOfFault(...names)).toBe(status)
})
