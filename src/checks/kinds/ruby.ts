import type { CheckCommand, CheckKind } from '../check-kind.ts'

/** RSpec, or the tests of Rails or rake. */
export const ruby: CheckKind = {
  id: 'ruby',
  find(project) {
    if (!['Gemfile', 'Rakefile', '.rspec'].some(project.has)) return null
    const within = project.has('Gemfile') ? 'bundle exec ' : ''
    const rakefile = project.text('Rakefile') ?? ''
    const found: CheckCommand[] = []
    if (project.find(/(^|\/)spec\/.*_spec\.rb$/))
      found.push({ command: `${within}rspec`, from: project.has('.rspec') ? '.rspec' : 'spec' })
    else if (project.has('bin/rails') && project.find(/^test\/.*_test\.rb$/))
      found.push({ command: 'bin/rails test', from: 'bin/rails' })
    else if (/Rake::TestTask|Minitest::TestTask|\btask\s*\(?:?["']?test\b/.test(rakefile))
      found.push({ command: `${within}rake test`, from: 'Rakefile' })
    return found.length > 0 ? { checks: [found] } : null
  },
}
