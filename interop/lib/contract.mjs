// The contract as a source of attacks: for every operation of openapi.yaml, what it takes and what it must not take.

/** Resolves `$ref`s of the document, one level at a time. */
export class Contract {
  constructor (document) { this.document = document }

  resolve (node) {
    return node?.$ref ? this.resolve(node.$ref.slice(2).split('/').reduce((at, key) => at[key.replaceAll('~1', '/').replaceAll('~0', '~')], this.document)) : node
  }

  get problemCodes () { return this.document.components.schemas.ProblemCode.enum }

  /** Every operation with its path, method, parameters and JSON body. */
  operations () {
    return Object.entries(this.document.paths).flatMap(([path, item]) => ['get', 'post', 'put', 'patch', 'delete'].filter(method => item[method]).map(method => {
      const operation = item[method]
      const media = operation.requestBody?.content ?? {}
      const json = media['application/json']
      return {
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(parameter => this.resolve(parameter)),
        // Content may be JSON too, but then the format says what is in it.
        body: json && !media['text/markdown'] ? { schema: this.resolve(json.schema), example: json.example, required: operation.requestBody.required } : null,
        media: Object.keys(media),
        secured: !operation.security?.some(option => Object.keys(option).length === 0) && operation.security?.length !== 0
      }
    }))
  }

  /** Every place in a body with the schema of what belongs there, as [path, schema, required]. */
  places (schema, at = [], depth = 0) {
    const known = this.resolve(schema)
    const children = Object.entries(known.properties ?? {}).map(([name, child]) => [[...at, name], this.resolve(child), (known.required ?? []).includes(name)])
    const items = known.items ? [[[...at, 0], this.resolve(known.items), true]] : []
    return depth > 6 ? [] : [...children, ...items].flatMap(place => [place, ...this.places(place[1], place[0], depth + 1)])
  }

  /** A body that holds this place, as small as the schema allows. */
  bodyWith (schema, [key, ...rest], value) {
    const known = this.resolve(schema)
    if (key === undefined) return value
    if (typeof key === 'number') return [this.bodyWith(known.items, rest, value)]
    const others = (known.required ?? []).filter(name => name !== key).map(name => [name, this.smallest(known.properties[name])])
    return Object.fromEntries([...others, [key, this.bodyWith(known.properties[key], rest, value)]])
  }

  smallest (schema) {
    const known = this.resolve(schema)
    if (known.const !== undefined) return known.const
    if (known.enum) return known.enum[0]
    switch ([known.type].flat()[0]) {
      case 'object': {
        const names = known.required ?? (known.minProperties ? Object.keys(known.properties).slice(-1) : [])
        return Object.fromEntries(names.map(name => [name, this.smallest(known.properties[name])]))
      }
      case 'array': return Array.from({ length: known.minItems ?? 0 }, () => this.smallest(known.items))
      case 'boolean': return true
      case 'integer': return known.minimum ?? 0
      default: return known.format === 'uuid' ? '0197a3c0-0000-7000-8000-0000000000d1' : 'x'.repeat(Math.max(known.minLength ?? 1, 1))
    }
  }

  /** Whether a value is what the schema allows, as far as its own keywords tell. */
  allows (schema, value) {
    const types = [schema.type].flat()
    const type = value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value
    if (schema.const !== undefined) return value === schema.const
    if (schema.enum) return schema.enum.includes(value)
    if (schema.type && !types.includes(type)) return false
    switch (type) {
      case 'string': return (schema.format !== 'uuid' || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) &&
        value.length >= (schema.minLength ?? 0) && value.length <= (schema.maxLength ?? Infinity)
      case 'integer': return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? 2 ** 31 - 1)
      case 'array': return value.length >= (schema.minItems ?? 0) && value.length <= (schema.maxItems ?? Infinity) && value.every(item => this.allows(this.resolve(schema.items), item))
      case 'object': return (schema.required ?? []).every(name => name in value) && Object.keys(value).length >= (schema.minProperties ?? 0) &&
        Object.keys(value).every(name => schema.properties?.[name] || !(schema.additionalProperties === false))
      default: return true
    }
  }

  /** What does not belong in this place: every other type, and each bound overstepped. */
  wrong (schema, required) {
    const tries = [7, -1, 1.5, 1e21, true, false, '', '\u0000', ' ', 'not-a-thing', [], [[]], {}, { a: 1 }, ...(required ? [null] : [])]
    if (schema.maxLength) tries.push('x'.repeat(schema.maxLength + 1))
    if (schema.maxItems) tries.push(Array.from({ length: schema.maxItems + 1 }, () => this.smallest(schema.items)))
    if (schema.minimum !== undefined) tries.push(schema.minimum - 1)
    return tries.filter(value => !this.allows(schema, value))
  }
}
