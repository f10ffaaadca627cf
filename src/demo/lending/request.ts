import type { Message } from '../message.js'
import { type Money, parseCents } from '../money.js'
import type { Address, Applicant, Application, Collateral, Property, Vehicle } from './data.js'

function money(input: Message): Money {
  return { cents: parseCents(input.text.trim()) ?? 0n, currency: input.attribute('Ccy') ?? '' }
}

function address(input: Message): Address {
  return {
    lines: input.children('Line').map((line) => line.text),
    town: input.child('Town').text,
    postCode: input.attribute('postCode') ?? '',
    country: input.attribute('country') ?? '',
  }
}

function applicant(input: Message): Applicant {
  const body = input.child(input.has('Company') ? 'Company' : 'Person')
  const common = { customerNumber: body.attribute('customerNumber'), address: address(body.child('Address')) }
  if (input.has('Company')) {
    return {
      kind: 'company',
      ...common,
      legalName: body.child('LegalName').text,
      lei: body.optional('LEI') ?? null,
      incorporationDate: body.optional('IncorporationDate'),
    }
  }
  return {
    kind: 'person',
    ...common,
    givenName: body.child('GivenName').text,
    familyName: body.child('FamilyName').text,
    birthDate: body.value('BirthDate'),
    employment: body.value('Employment'),
    dependantCount: body.optional('DependantCount'),
  }
}

function property(input: Message): Property {
  return {
    kind: 'property',
    address: address(input.child('Address')),
    marketValue: money(input.child('MarketValue')),
    livingArea: input.optional('LivingArea'),
    energyClass: input.attribute('energyClass'),
    yearBuilt: input.attribute('yearBuilt'),
  }
}

function vehicle(input: Message): Vehicle {
  return {
    kind: 'vehicle',
    make: input.child('Make').text,
    model: input.child('Model').text,
    firstRegistration: input.optional('FirstRegistration'),
    price: money(input.child('Price')),
    vin: input.attribute('vin'),
    condition: input.attribute('condition') ?? 'used',
  }
}

function collateral(input: Message): Collateral {
  if (input.has('Property')) return property(input.child('Property'))
  if (input.has('Vehicle')) return vehicle(input.child('Vehicle'))
  if (input.has('Deposit')) {
    const deposit = input.child('Deposit')
    return {
      kind: 'deposit',
      accountNumber: deposit.child('AccountNumber').text,
      balance: money(deposit.child('Balance')),
    }
  }
  const guarantee = input.child('Guarantee')
  return {
    kind: 'guarantee',
    guarantor: applicant(guarantee.child('Guarantor')),
    limit: money(guarantee.child('Limit')),
  }
}

/**
 * Reads an application; its kind is what xsi:type says.
 *
 * @throws Error where xsi:type is missing or names no kind of application
 */
export function readApplication(input: Message): Application {
  const terms = {
    product: input.attribute('product') ?? '',
    channel: input.attribute('channel'),
    applicants: input.children('Applicant').map(applicant),
    amount: money(input.child('Amount')),
    term: Number(input.value('Term')),
    monthlyIncome: money(input.child('MonthlyIncome')),
    remark: input.has('Remark') ? input.child('Remark').text : undefined,
  }
  switch (input.xsiType) {
    case 'MortgageApplication':
      return {
        ...terms,
        category: 'mortgage',
        property: property(input.child('Property')),
        ownFunds: money(input.child('OwnFunds')),
        fixedRateYears: input.optional('FixedRateYears'),
      }
    case 'ConsumerLoanApplication':
      return {
        ...terms,
        category: 'consumer',
        purpose: input.value('Purpose'),
        collateral: input.children('Collateral').map(collateral),
        insured: input.attribute('insured'),
      }
    case 'VehicleLoanApplication':
      return {
        ...terms,
        category: 'vehicle',
        vehicle: vehicle(input.child('Vehicle')),
        downPayment: input.has('DownPayment') ? money(input.child('DownPayment')) : undefined,
        residualValue: input.has('ResidualValue') ? money(input.child('ResidualValue')) : undefined,
      }
    case undefined:
    default:
      throw new Error('An application needs the xsi:type of a kind of application')
  }
}
