import { api, ifMatch } from './client'
import type { paths } from './schema'
import type { CommandName, Problem, SlipCommandName, Ticket } from './types'

export interface CommandAnswer {
  ticket?: Ticket
  problem?: Problem
}

type Path<Name extends CommandName> = `/tickets/{id}/commands/${Name}`
export type CommandBody<Name extends CommandName> =
  paths[Path<Name>]['post']['requestBody']['content']['application/json']

/**
 * Gives a command to a ticket, of which the caller has seen `version`.
 * @param key  of the click: the same key with the same body never acts twice
 */
export async function giveCommand<Name extends CommandName>(
  ticket: { id: string; version: number },
  command: Name,
  body: CommandBody<Name>,
  key: string,
): Promise<CommandAnswer> {
  // All commands are alike but for their bodies, which the signature above already checked: one of them stands for all.
  const { data, error } = await api.POST(`/tickets/{id}/commands/${command}` as Path<'note'>, {
    params: { path: { id: ticket.id }, header: { ...ifMatch(ticket), 'Idempotency-Key': key } },
    body: body as CommandBody<'note'>,
  })
  return { ticket: data, problem: error }
}

type SlipPath<Name extends SlipCommandName> = `/slips/{id}/commands/${Name}`
export type SlipCommandBody<Name extends SlipCommandName> =
  paths[SlipPath<Name>]['post']['requestBody']['content']['application/json']

/** The same for one transfer slip: it is a part of its ticket, whose `version` is the one that counts. */
export async function giveSlipCommand<Name extends SlipCommandName>(
  slip: { id: string; version: number },
  command: Name,
  body: SlipCommandBody<Name>,
  key: string,
): Promise<CommandAnswer> {
  const { data, error } = await api.POST(`/slips/{id}/commands/${command}` as SlipPath<'reject'>, {
    params: { path: { id: slip.id }, header: { ...ifMatch(slip), 'Idempotency-Key': key } },
    body: body as SlipCommandBody<'reject'>,
  })
  return { ticket: data, problem: error }
}
