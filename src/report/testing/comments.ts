/**
 * What the sources say above a schema, its fields and its options. JSON Schemas and pages say the same to people who never see the sources, so it is
 * read from there, and written once. Syntax alone: what a function is given is not followed into it.
 */
import { readFileSync } from 'node:fs'
import ts from 'typescript'

export interface Said {
  /** The comment above it, in one line; empty where there is none. */
  readonly text: string
  readonly fields: ReadonlyMap<string, Said>
  readonly options: readonly Said[]
  /** Of an array or a record: what is said of one of its values. */
  readonly values: Said | null
}

export const NOTHING: Said = { text: '', fields: new Map(), options: [], values: null }

/** The text of the comment right above a node. */
function above(node: ts.Node, source: ts.SourceFile): string {
  const last = ts.getLeadingCommentRanges(source.text, node.getFullStart())?.at(-1)
  if (last === undefined) return ''
  const comment = source.text.slice(last.pos, last.end)
  if (!comment.startsWith('/**')) return ''
  return comment
    .slice(3, -2)
    .replace(/\n\s*\*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** The schemas and shapes of some modules, by name; a name means the same in all of them, or the first module's. */
export class Comments {
  private readonly named = new Map<string, { readonly value: ts.Expression; readonly text: string; readonly source: ts.SourceFile }>()

  constructor(modules: readonly URL[]) {
    for (const module of modules) this.addModule(module)
  }

  private addModule(module: URL): void {
    const source = ts.createSourceFile(module.pathname, readFileSync(module, 'utf8'), ts.ScriptTarget.ES2023, true)
    for (const statement of source.statements) {
      if (!ts.isVariableStatement(statement)) continue
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (!ts.isIdentifier(name) || initializer === undefined || this.named.has(name.text)) continue
        this.named.set(name.text, { value: initializer, text: above(statement, source), source })
      }
    }
  }

  /** What is said of the schema, or the object, that a constant of this name holds. */
  of(name: string): Said {
    const known = this.named.get(name)
    if (known === undefined) return NOTHING
    const said = this.read(known.value, known.source)
    return { ...said, text: known.text }
  }

  private read(node: ts.Expression, source: ts.SourceFile): Said {
    if (ts.isIdentifier(node)) return this.of(node.text)
    if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return this.read(node.expression, source)
    if (ts.isParenthesizedExpression(node)) return this.read(node.expression, source)
    // What a function makes is what its body says.
    if (ts.isArrowFunction(node)) return ts.isBlock(node.body) ? NOTHING : this.read(node.body, source)
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return this.read(node.expression, source)
    if (ts.isObjectLiteralExpression(node)) return { ...NOTHING, fields: this.fieldsOf(node, source) }
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return NOTHING
    return this.readCall(node.expression, node.arguments, source)
  }

  private readCall({ name, expression }: ts.PropertyAccessExpression, args: readonly ts.Expression[], source: ts.SourceFile): Said {
    const last = args.at(-1)
    // `.optional()`, `.min(1)` and so on: it is still the same.
    if (!ts.isIdentifier(expression) || expression.text !== 'z') return this.read(expression, source)
    switch (name.text) {
      case 'object':
      case 'strictObject':
      case 'looseObject':
        return last === undefined ? NOTHING : this.read(last, source)
      case 'array':
      case 'record':
        return last === undefined ? NOTHING : { ...NOTHING, values: this.read(last, source) }
      case 'union':
      case 'discriminatedUnion': {
        if (last === undefined || !ts.isArrayLiteralExpression(last)) return NOTHING
        return { ...NOTHING, options: last.elements.map((one) => this.option(one, source)) }
      }
      default:
        return NOTHING
    }
  }

  private option(node: ts.Expression, source: ts.SourceFile): Said {
    const said = this.read(node, source)
    return { ...said, text: above(node, source) || said.text }
  }

  private fieldsOf(object: ts.ObjectLiteralExpression, source: ts.SourceFile): Map<string, Said> {
    const fields = new Map<string, Said>()
    for (const property of object.properties) {
      if (ts.isSpreadAssignment(property)) this.read(property.expression, source).fields.forEach((said, field) => fields.set(field, said))
      else if (property.name !== undefined && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name))) {
        const said = ts.isPropertyAssignment(property) ? this.read(property.initializer, source) : this.of(property.name.text)
        fields.set(property.name.text, { ...said, text: above(property, source) || said.text })
      }
    }
    return fields
  }
}

type Json = Readonly<Record<string, unknown>>
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same JSON Schema, with what is said of its parts as their descriptions. */
export function described(schema: object, said: Said): Json {
  const { properties, items, anyOf, oneOf, additionalProperties }: Json = { ...schema }
  const options = (all: readonly object[]): Json[] => all.map((one, k) => described(one, said.options[k] ?? NOTHING))
  return {
    ...(said.text === '' ? {} : { description: said.text }),
    ...schema,
    ...(isJson(properties) ? { properties: describedFields(properties, said) } : {}),
    ...(said.values !== null && isJson(items) ? { items: described(items, said.values) } : {}),
    ...(said.values !== null && isJson(additionalProperties) ? { additionalProperties: described(additionalProperties, said.values) } : {}),
    ...(Array.isArray(anyOf) ? { anyOf: options(anyOf as object[]) } : {}),
    ...(Array.isArray(oneOf) ? { oneOf: options(oneOf as object[]) } : {}),
  }
}

const describedFields = (properties: Json, { fields }: Said): Json =>
  Object.fromEntries(
    Object.entries(properties).map(([field, schema]) => [field, isJson(schema) ? described(schema, fields.get(field) ?? NOTHING) : schema]),
  )
