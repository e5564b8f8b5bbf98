(class name: (_) @name.path) @symbol.class
(module name: (_) @name.path) @symbol.class
(method name: (_) @name) @symbol.function
(singleton_method object: (self) name: (_) @name) @symbol.function
(singleton_method object: (constant) @owner name: (_) @name) @symbol.method
((assignment left: (constant) @name right: (call receiver: (constant) @_maker block: (_) @body)) @symbol.class
  (#match? @_maker "^(Struct|Data|Class|Module)$"))
(assignment left: (constant) @name) @symbol.value
((call
  method: (identifier) @_test
  arguments: (argument_list . [(string) (constant) (scope_resolution)] @name)
  block: (_)) @symbol.test
  (#match? @_test "^(describe|context|feature|scenario|it|specify|test|should)$"))

(comment) @doc

((call method: (identifier) @_require arguments: (argument_list (string) @_path .)) @reference.import
  (#match? @_require "^(require|require_relative|load|autoload)$"))
(superclass [(constant) @reference.extend (scope_resolution name: (constant) @reference.extend)])
((call method: (identifier) @_include arguments: (argument_list [(constant) @reference.extend (scope_resolution name: (constant) @reference.extend)]))
  (#match? @_include "^(include|extend|prepend)$"))
(call method: (identifier) @reference.call)
(constant) @reference.use
