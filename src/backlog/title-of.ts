/** The first line of a request, as a person is shown it. */
export function titleOf({ request }: { readonly request: string }): string {
  return request.split('\n', 1)[0]!
}
