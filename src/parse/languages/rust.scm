(function_item name: (identifier) @name) @symbol.function
(function_signature_item name: (identifier) @name) @symbol.function
(struct_item name: (type_identifier) @name) @symbol.class
(union_item name: (type_identifier) @name) @symbol.class
(enum_item name: (type_identifier) @name) @symbol.type
(trait_item name: (type_identifier) @name) @symbol.type
(impl_item body: (declaration_list (type_item name: (type_identifier) @name) @symbol.none))
(type_item name: (type_identifier) @name) @symbol.type
(const_item name: (identifier) @name) @symbol.value
(static_item name: (identifier) @name) @symbol.value
(macro_definition name: (identifier) @name) @symbol.function

; impl Cart { fn total } is Cart.total; mod tests { fn adds } is tests.adds
(impl_item type: [
  (type_identifier) @name
  (scoped_type_identifier name: (type_identifier) @name)
  (generic_type type: [(type_identifier) @name (scoped_type_identifier name: (type_identifier) @name)])
  (reference_type type: (type_identifier) @name)
  (reference_type type: (generic_type type: (type_identifier) @name))]) @scope.impl
(mod_item name: (identifier) @name body: (_)) @scope.module

(attribute_item) @prefix
[(line_comment) (block_comment)] @doc

(mod_item name: (identifier) !body) @reference.import
(use_declaration) @reference.import
(extern_crate_declaration) @reference.import
(impl_item trait: [
  (type_identifier) @reference.extend
  (scoped_type_identifier name: (type_identifier) @reference.extend)
  (generic_type type: [(type_identifier) @reference.extend (scoped_type_identifier name: (type_identifier) @reference.extend)])])
(trait_item bounds: (trait_bounds [
  (type_identifier) @reference.extend
  (scoped_type_identifier name: (type_identifier) @reference.extend)
  (generic_type type: (type_identifier) @reference.extend)]))
(call_expression function: [
  (identifier) @reference.call
  (field_expression field: (field_identifier) @reference.call)
  (scoped_identifier name: (identifier) @reference.call)
  (generic_function function: [
    (identifier) @reference.call
    (field_expression field: (field_identifier) @reference.call)
    (scoped_identifier name: (identifier) @reference.call)])])
(macro_invocation macro: [(identifier) @reference.call (scoped_identifier name: (identifier) @reference.call)])
; What macros are given is not parsed: `assert_eq!(total(&cart), 3)` has a name before a bracket.
(token_tree (identifier) @reference.call . (token_tree . "("))
(scoped_identifier path: (identifier) @reference.use.proper)
(type_identifier) @reference.use
