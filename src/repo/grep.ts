/** A `git grep` of files of the working tree, new ones too, that prints path, line and text, whatever the user's settings are: with submodule.recurse it would refuse. */
export const GREP = ['grep', '-z', '-n', '-I', '--untracked', '--no-color', '--no-column', '--no-recurse-submodules']
