(function_definition name: (word) @name) @symbol.function
(program (variable_assignment name: (variable_name) @name) @symbol.value)
(program (declaration_command (variable_assignment name: (variable_name) @name)) @symbol.value)

(comment) @doc

((command name: (command_name) @_source . argument: (_) @reference.import)
  (#match? @_source "^(source|[.])$"))
(command name: (command_name (word) @reference.call))
