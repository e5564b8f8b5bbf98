import type { CheckKind, CheckWays } from '../check-kind.ts'

const WRAPPED =
  process.platform === 'win32'
    ? { gradle: '.\\gradlew.bat', maven: '.\\mvnw.cmd' }
    : { gradle: './gradlew', maven: './mvnw' }

/** Gradle, Maven and sbt, each by its wrapper if there is one. */
export const jvm: CheckKind = {
  id: 'jvm',
  find(project) {
    if (project.find(/(^|\/)src\/(\w*[tT]est|it)\/|(^|\/)test\/.*\.scala$/) === undefined) return null
    const gradle = project.find(/^(build|settings)\.gradle(\.kts)?$/)
    const ways: CheckWays[] = []
    if (project.has('gradlew') && gradle) ways.push([{ command: `${WRAPPED.gradle} test`, from: 'gradlew' }])
    else if (project.has('mvnw') && project.has('pom.xml'))
      ways.push([{ command: `${WRAPPED.maven} -q test`, from: 'mvnw' }])
    else if (project.has('pom.xml')) ways.push([{ command: 'mvn -q test', from: 'pom.xml' }])
    else if (gradle) ways.push([{ command: 'gradle test', from: gradle }])
    else if (project.has('build.sbt')) ways.push([{ command: 'sbt test', from: 'build.sbt' }])
    return ways.length > 0 ? { checks: ways } : null
  },
}
