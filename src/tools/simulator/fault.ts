import { type FaultToWrite, writeFault } from '../../soap/fault-writer.js'
import type { SoapVersion } from '../../wsdl/model.js'
import type { SimulatedAnswer } from './options.js'

export interface SimulatedFault extends FaultToWrite {
  /** The operation that it answers. */
  readonly operation: string
}

export function faultAnswer(version: SoapVersion, fault: SimulatedFault): SimulatedAnswer {
  const { operation, detail } = fault
  return { ...writeFault(version, fault), operation, outcome: detail ? 'fault' : 'refused' }
}
