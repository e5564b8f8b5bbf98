import type { CheckCommand, CheckKind } from '../check-kind.ts'
import { sectionOf } from '../project.ts'

/** Composer's test script, Laravel's test command, Pest or PHPUnit. */
export const php: CheckKind = {
  id: 'php',
  find(project) {
    const manifest = project.json('composer.json')
    const configured = project.find(/^phpunit\.(xml|xml\.dist|dist\.xml)$/)
    if (!project.has('composer.json') && !configured) return null
    const found: CheckCommand[] = []
    if (sectionOf(manifest, 'scripts').test !== undefined)
      found.push({ command: 'composer test', from: 'composer.json, scripts.test' })
    else if (project.has('artisan')) found.push({ command: 'php artisan test', from: 'artisan' })
    else if (sectionOf(manifest, 'require-dev')['pestphp/pest'] !== undefined)
      found.push({ command: 'vendor/bin/pest', from: 'composer.json, require-dev' })
    else if (configured) found.push({ command: 'vendor/bin/phpunit', from: configured })
    return { checks: found.length > 0 ? [found] : [] }
  },
}
