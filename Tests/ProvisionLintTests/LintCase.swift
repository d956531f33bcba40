import Testing

/// One way to break a rule, and the nearest file that keeps it.
struct LintCase: Sendable, CustomTestStringConvertible {
  var rule: String
  /// A web service's fields where it doesn't begin with `services:` or `databases:`.
  var broken: String
  var kept: String
  /// `line:column` of the finding.
  var place: String
  /// Parts of the message and the remedy.
  var says: [String]

  var testDescription: String { "\(rule): \(broken)" }

  init(_ rule: String, _ broken: String, _ kept: String, _ place: String, _ says: String...) {
    self.rule = rule
    self.broken = broken
    self.kept = kept
    self.place = place
    self.says = says
  }
}

extension LintCase {
  private static let pg = "databases: [{ name: pg, plan: free }]\n"
  private static let free = "services: [{ type: web, runtime: docker, name: a, plan: free, healthCheckPath: / }"

  static let all = [
    LintCase("blueprint-shape", "services: { type: web }", "services: []", "1:11", "not a list"),
    LintCase("blueprint-shape", "services: [web]", "services: []", "1:12", "not a mapping"),
    LintCase("blueprint-shape", "service: []", "services: []", "1:1", "'service'", "'services'"),
    LintCase(
      "missing-field", "services: [{ type: web, name: a }]", "services: [{ type: web, name: a, runtime: go }]", "1:12",
      "no runtime"),
    LintCase(
      "missing-field", "services: [{ type: cron, name: a, runtime: go }]",
      "services: [{ type: cron, name: a, runtime: go, schedule: '0 * * * *' }]", "1:12", "no schedule"),
    LintCase(
      "missing-field", "services: [{ type: keyvalue, name: a }]",
      "services: [{ type: keyvalue, name: a, ipAllowList: [] }]", "1:12", "no ipAllowList"),
    LintCase(
      "missing-field", "databases: [{ plan: free }]", "databases: [{ plan: free, name: pg }]", "1:13", "without a name"),
    LintCase(
      "unknown-type", "services: [{ type: wbe, name: a }]", "services: [{ type: web, name: a }]", "1:20", "'wbe'",
      "'web'"),
    LintCase(
      "unknown-field", "services: [{ type: web, name: a, healthcheckPath: / }]",
      "services: [{ type: web, name: a, healthCheckPath: / }]", "1:34", "'healthCheckPath'"),
    LintCase(
      "unknown-field", "services: [{ type: web, runtime: static, name: a, plan: free }]",
      "services: [{ type: web, runtime: static, name: a }]", "1:51", "a static site has none"),
    LintCase(
      "unknown-field", "databases: [{ name: pg, diskSize: 5 }]", "databases: [{ name: pg, diskSizeGB: 5 }]", "1:25",
      "'diskSizeGB'"),
    LintCase(
      "duplicate-name", "services: [{ type: web, name: a },\n { type: web, name: a }]",
      "services: [{ type: web, name: a },\n { type: web, name: b }]", "2:21", "line 1"),
    LintCase(
      "duplicate-name", "services: [{ type: web, name: a }]\nungrouped: { services: [{ type: web, name: a }] }",
      "services: [{ type: web, name: a }]\nungrouped: { services: [{ type: web, name: b }] }", "2:44", "'a' again"),
    LintCase(
      "duplicate-name", "databases: [{ name: pg }, { name: pg }]", "databases: [{ name: pg }, { name: pg2 }]", "1:35",
      "'pg' again"),
    LintCase(
      "unknown-runtime", "services: [{ type: web, runtime: dokcer }]", "services: [{ type: web, runtime: docker }]",
      "1:34", "'docker'"),
    LintCase(
      "env-for-runtime", "services: [{ type: web, env: docker }]", "services: [{ type: web, runtime: docker }]", "1:25",
      "runtime:"),
    LintCase(
      "unknown-region", "services: [{ type: web, region: singapor }]", "services: [{ type: web, region: singapore }]",
      "1:33", "'singapore'"),
    LintCase(
      "unknown-region", "databases: [{ name: pg, region: mumbai }]", "databases: [{ name: pg, region: ohio }]", "1:33",
      "'mumbai'", "frankfurt"),
    LintCase(
      "no-health-check", "services: [{ type: web, name: a, runtime: go }]",
      "services: [{ type: web, name: a, runtime: static }]", "1:31", "healthCheckPath"),
    LintCase(
      "unknown-plan", "services: [{ type: web, plan: startr }]", "services: [{ type: web, plan: starter }]", "1:31",
      "'starter'"),
    LintCase(
      "unknown-plan", "services: [{ type: cron, plan: pro max }]", "services: [{ type: cron, plan: pro plus }]", "1:32",
      "'pro max'"),
    LintCase(
      "unknown-plan", "services: [{ type: keyvalue, plan: 256 }]", "services: [{ type: keyvalue, plan: 256mb }]",
      "1:36", "'256'", "256mb"),
    LintCase(
      "unknown-plan", "databases: [{ name: pg, plan: basic-265mb }]", "databases: [{ name: pg, plan: basic-256mb }]",
      "1:31", "'basic-256mb'"),
    LintCase(
      "free-not-available", "services: [{ type: worker, name: a, plan: free }]",
      "services: [{ type: web, name: a, plan: free }]", "1:43", "worker a", "starter ($7 a month)"),
    LintCase(
      "free-not-available", "services: [{ type: pserv, name: a, plan: free }]",
      "services: [{ type: pserv, name: a, plan: starter }]", "1:42", "pserv a"),
    LintCase(
      "free-not-available", "services: [{ type: cron, name: a, plan: free }]",
      "services: [{ type: cron, name: a, plan: starter }]", "1:41", "cron a"),
    LintCase(
      "free-cannot-scale", "services: [{ type: web, plan: free, numInstances: 2 }]",
      "services: [{ type: web, plan: free, numInstances: 1 }]", "1:51", "2 instances"),
    LintCase(
      "free-cannot-scale", "services: [{ type: web, plan: free, scaling: {} }]",
      "services: [{ type: web, plan: standard, scaling: {} }]", "1:37", "scaling"),
    LintCase(
      "free-has-no-disk", "services: [{ type: web, plan: free, disk: {} }]",
      "services: [{ type: web, plan: starter, disk: {} }]", "1:37", "starter ($7 a month)"),
    LintCase(
      "disk-cannot-scale", "services: [{ type: web, plan: starter, disk: {}, numInstances: 2 }]",
      "services: [{ type: web, plan: starter, disk: {}, numInstances: 1 }]", "1:50", "has a disk"),
    LintCase(
      "plan-not-stated", "services: [{ type: web, name: a }]", "services: [{ type: web, name: a, plan: free }]", "1:31",
      "starter ($7 a month)", "plan: free"),
    LintCase(
      "plan-not-stated", "databases: [{ name: pg }]", "databases: [{ name: pg, plan: free }]", "1:21",
      "basic-256mb ($6 a month"),
    LintCase(
      "free-hours", free + ", { type: web, name: b, plan: free }]", free + ", { type: web, name: b, plan: starter }]",
      "1:113", "2 free web services", "1,488"),
    LintCase(
      "legacy-database-plan", "databases: [{ name: pg, plan: starter }]",
      "databases: [{ name: pg, plan: basic-256mb }]", "1:31", "'starter'", "use basic-256mb"),
    LintCase(
      "legacy-database-plan", "databases: [{ name: pg, plan: pro plus }]", "databases: [{ name: pg, plan: pro-8gb }]",
      "1:31", "pro-8gb"),
    LintCase(
      "database-disk-size", "databases: [{ name: pg, diskSizeGB: 7 }]", "databases: [{ name: pg, diskSizeGB: 10 }]",
      "1:37", "multiple of 5"),
    LintCase(
      "database-disk-size", "databases: [{ name: pg, diskSizeGB: 0 }]", "databases: [{ name: pg, diskSizeGB: 1 }]",
      "1:37", "multiple of 5"),
    LintCase(
      "database-disk-size", "databases: [{ name: pg, plan: starter, diskSizeGB: 5 }]",
      "databases: [{ name: pg, plan: starter }]", "1:52", "legacy"),
    LintCase(
      "database-disk-default", "databases: [{ name: pg, plan: basic-256mb }]",
      "databases: [{ name: pg, plan: basic-256mb, diskSizeGB: 1 }]", "1:31", "15 GB ($4.50 a month)"),
    LintCase(
      "database-disk-default", "databases: [{ name: pg, plan: pro-4gb }]", "databases: [{ name: pg, plan: free }]",
      "1:31", "100 GB ($30.00 a month)"),
    LintCase(
      "free-database-expires", "databases: [{ name: pg, plan: free }]", "databases: [{ name: pg, plan: basic-1gb }]",
      "1:31", "30 days", "14 days"),
    LintCase(
      "other-region",
      pg
        + "services: [{ type: web, region: ohio, envVars: [{ key: A, fromDatabase: { name: pg, property: connectionString } }] }]",
      pg
        + "services: [{ type: web, region: oregon, envVars: [{ key: A, fromDatabase: { name: pg, property: connectionString } }] }]",
      "2:81", "oregon", "external URL"),
    LintCase(
      "other-region",
      pg + "services: [{ type: web, region: ohio, envVars: [{ key: A, fromDatabase: { name: pg, property: host } }] }]",
      pg + "services: [{ type: web, region: ohio, envVars: [{ key: A, fromDatabase: { name: pg, property: user } }] }]",
      "2:81", "private network"),
    LintCase(
      "other-region",
      "services: [{ type: pserv, name: p }, { type: web, region: ohio, envVars: [{ key: A, fromService: { type: pserv, name: p, property: hostport } }] }]",
      "services: [{ type: pserv, name: p, region: ohio }, { type: web, region: ohio, envVars: [{ key: A, fromService: { type: pserv, name: p, property: hostport } }] }]",
      "1:119", "public address"),
    LintCase(
      "unknown-reference",
      pg + "services: [{ type: web, envVars: [{ key: A, fromDatabase: { name: pq, property: user } }] }]",
      pg + "services: [{ type: web, envVars: [{ key: A, fromDatabase: { name: pg, property: user } }] }]", "2:67",
      "'pq'"),
    LintCase(
      "unknown-reference", "services: [{ type: web, envVars: [{ fromGroup: shared }] }]",
      "services: [{ type: web, envVars: [{ fromGroup: shared }] }]\nenvVarGroups: [{ name: shared, envVars: [] }]",
      "1:48", "group 'shared'"),
    LintCase(
      "unknown-type", "services: [{ type: static_site, name: a }]",
      "services: [{ type: web, runtime: static, name: a }]", "1:20", "runtime: static"),
    LintCase(
      "unknown-type", "services: [{ type: postgres, name: a }]", "databases: [{ name: a }]", "1:20", "databases:"),
    LintCase(
      "variable-shape", "services: [{ type: web, envVars: [{ key: A, scope: build }] }]",
      "services: [{ type: web, envVars: [{ key: A, sync: false }] }]", "1:45", "'scope'"),
    LintCase(
      "variable-shape", "services: [{ type: web, envVars: [{ key: A, value: false }] }]",
      "services: [{ type: web, envVars: [{ key: A, value: 'false' }] }]", "1:52", "quote it"),
    LintCase(
      "variable-shape", "services: [{ type: web, envVars: [{ value: a }] }]",
      "services: [{ type: web, envVars: [{ key: A, value: a }] }]", "1:35", "without a key"),
    LintCase(
      "variable-shape", "services: [{ type: web, envVars: [{ key: A, value: a, fromService: {} }] }]",
      "services: [{ type: web, envVars: [{ key: A, value: a }] }]", "1:55", "keep one"),
    LintCase(
      "variable-without-value", "services: [{ type: web, envVars: [{ key: A }] }]",
      "services: [{ type: web, envVars: [{ key: A, generateValue: true }] }]", "1:42", "sync: false"),
    LintCase(
      "variable-shape", "services: [{ type: web, envVars: [{ key: A, value: a, generateValue: true }] }]",
      "services: [{ type: web, envVars: [{ key: A, generateValue: true }] }]", "1:55", "keep one"),
    LintCase(
      "variable-shape", "services: [{ type: web, envVars: [{ key: A, fromGroup: g }] }]",
      "services: [{ type: web, envVars: [{ fromGroup: g }] }]", "1:37", "key beside fromGroup"),
    LintCase(
      "variable-shape", "envVarGroups: [{ name: g, envVars: [{ key: A, fromDatabase: { name: d, property: host } }] }]",
      "envVarGroups: [{ name: g, envVars: [{ key: A, value: a }] }]", "1:47", "in a group"),
    LintCase(
      "field-value", "services: [{ type: web, name: a, numInstances: two }]",
      "services: [{ type: web, name: a, numInstances: 2 }]", "1:48", "'two'", "whole number"),
    LintCase(
      "field-value", "services: [{ type: web, name: a, autoDeploy: 'yes' }]",
      "services: [{ type: web, name: a, autoDeploy: true }]", "1:46", "true or false"),
    LintCase(
      "field-value", "services: [{ type: keyvalue, name: a, maxmemoryPolicy: lru }]",
      "services: [{ type: keyvalue, name: a, maxmemoryPolicy: allkeys-lru }]", "1:56", "'lru'"),
    LintCase(
      "field-value", "services: [{ type: web, name: a, healthCheckPath: [/] }]",
      "services: [{ type: web, name: a, healthCheckPath: / }]", "1:51", "one text"),
    LintCase(
      "field-value", "services: [{ type: web, name: a, envVars: { A: b } }]",
      "services: [{ type: web, name: a, envVars: [] }]", "1:43", "a list"),
    LintCase(
      "field-value", "databases: [{ name: pg, postgresMajorVersion: 16 }]",
      "databases: [{ name: pg, postgresMajorVersion: '16' }]", "1:47", "quote it"),
    LintCase(
      "field-value", "previews: { generation: auto }", "previews: { generation: automatic }", "1:25",
      "automatic, manual"),
    LintCase(
      "field-value", "services: [{ type: web, name: a, scaling: { targetCPUPercent: 95 } }]",
      "services: [{ type: web, name: a, scaling: { targetCPUPercent: 90 } }]", "1:63", "1 to 90"),
    LintCase(
      "field-value",
      "services: [{ type: web, name: a, envVars: [{ key: A, fromDatabase: { name: d, property: url } }] }]",
      "services: [{ type: web, name: a, envVars: [{ key: A, fromDatabase: { name: d, property: host } }] }]", "1:89",
      "'url'"),
    LintCase(
      "inner-field-missing", "services: [{ type: web, name: a, disk: { name: d } }]",
      "services: [{ type: web, name: a, disk: { name: d, mountPath: /d } }]", "1:40", "mountPath"),
    LintCase(
      "inner-field-missing", "services: [{ type: web, name: a, buildFilter: {} }]",
      "services: [{ type: web, name: a, buildFilter: { paths: [] } }]", "1:47", "paths"),
    LintCase(
      "inner-field-missing",
      "services: [{ type: web, name: a, envVars: [{ key: A, fromService: { name: b, property: host } }] }]",
      "services: [{ type: web, name: a, envVars: [{ key: A, fromService: { name: b, type: web, property: host } }] }]",
      "1:67", "type"),
    LintCase(
      "inner-field-missing", "projects: [{ environments: [] }]", "projects: [{ name: p, environments: [] }]", "1:12",
      "name"),
    LintCase(
      "inner-field-unknown", "services: [{ type: web, name: a, disk: { name: d, mountPath: /d, size: 5 } }]",
      "services: [{ type: web, name: a, disk: { name: d, mountPath: /d, sizeGB: 5 } }]", "1:66", "sizeGB"),
    LintCase(
      "build-source", "services: [{ type: web, name: a, buildSource: b, runtime: go }]",
      "services: [{ type: web, name: a, buildSource: b }]", "1:50", "runtime"),
    LintCase(
      "secret-in-plain", "services: [{ type: web, envVars: [{ key: SMTP_PASS, value: s3cr3t }] }]",
      "services: [{ type: web, envVars: [{ key: ACCESS_TOKEN_EXPIRE_MINUTES, value: '30' }] }]", "1:60", "SMTP_PASS"),
    LintCase(
      "secret-in-plain", "services: [{ type: web, envVars: [{ key: API_KEY, value: s3cr3t }] }]",
      "services: [{ type: web, envVars: [{ key: API_KEY, sync: false }] }]", "1:58", "API_KEY", "sync: false"),
    LintCase(
      "secret-in-plain", "envVarGroups: [{ name: g, envVars: [{ key: SMTP_PASSWORD, value: s3cr3t }] }]",
      "envVarGroups: [{ name: g, envVars: [{ key: SMTP_PASSWORD, generateValue: true }] }]", "1:66", "SMTP_PASSWORD"),
    LintCase(
      "secret-in-plain", "services: [{ type: web, envVars: [{ key: CACHE, value: 'redis://u:s3cr3t@h:6379' }] }]",
      "services: [{ type: web, envVars: [{ key: CACHE, value: 'redis://h:6379' }] }]", "1:56", "CACHE"),
    LintCase(
      "sqlite-without-disk",
      "services: [{ type: web, name: a, envVars: [{ key: DATABASE_URL, value: 'sqlite:var/app.sqlite' }] }]",
      "services: [{ type: web, name: a, envVars: [{ key: DATABASE_URL, value: 'sqlite:/data/app.sqlite' }], disk: { name: d, mountPath: /data } }]",
      "1:72", "spin-down", "PostgreSQL"),
    LintCase(
      "sqlite-without-disk",
      "services: [{ type: web, name: a, envVars: [{ key: DATABASE_URL, value: 'sqlite:/srv/app.sqlite' }], disk: { name: d, mountPath: /data } }]",
      "services: [{ type: web, name: a, envVars: [{ key: DATABASE_URL, value: 'sqlite:/data/app.sqlite' }], disk: { name: d, mountPath: /data/ } }]",
      "1:72", "not on its disk", "sqlite:/data/app.sqlite"),
    LintCase(
      "free-has-no-hooks",
      "services: [{ type: web, name: a, runtime: docker, plan: free, preDeployCommand: ./migrate }]",
      "services: [{ type: web, name: a, runtime: docker, plan: starter, preDeployCommand: ./migrate }]", "1:63",
      "preDeployCommand", "startCommand", "starter ($7 a month)"),
    LintCase(
      "free-has-no-hooks",
      "services: [{ type: web, name: a, runtime: docker, plan: free, maxShutdownDelaySeconds: 60 }]",
      "services: [{ type: web, name: a, runtime: static, preDeployCommand: ./migrate }]", "1:63",
      "maxShutdownDelaySeconds"),
    LintCase(
      "free-has-no-hooks", "services: [{ type: web, name: a, plan: free, maintenanceMode: { enabled: true } }]",
      "services: [{ type: web, name: a, plan: standard, maintenanceMode: { enabled: true } }]", "1:46",
      "maintenanceMode"),
    LintCase(
      "scaling-bounds",
      "services: [{ type: web, name: a, scaling: { minInstances: 3, maxInstances: 2, targetCPUPercent: 60 } }]",
      "services: [{ type: web, name: a, scaling: { minInstances: 2, maxInstances: 2, targetCPUPercent: 60 } }]",
      "1:76", "maxInstances: 2", "3 or more"),
    LintCase(
      "scaling-bounds", "services: [{ type: web, name: a, scaling: { minInstances: 1, targetCPUPercent: 60 } }]",
      "services: [{ type: web, name: a, scaling: { minInstances: 1, maxInstances: 3, targetMemoryPercent: 60 } }]",
      "1:43", "without maxInstances"),
    LintCase(
      "scaling-bounds", "services: [{ type: web, name: a, scaling: { minInstances: 1, maxInstances: 3 } }]",
      "services: [{ type: web, name: a, numInstances: 3 }]", "1:43", "without a target", "targetCPUPercent"),
    LintCase(
      "instances-beside-scaling", "services: [{ type: web, name: a, numInstances: 2, scaling: {} }]",
      "services: [{ type: web, name: a, scaling: {} }]", "1:34", "no effect"),
    LintCase(
      "missing-command", "services: [{ type: web, name: a, runtime: node, buildCommand: npm ci }]",
      "services: [{ type: web, name: a, runtime: docker }]", "1:31", "no startCommand"),
    LintCase(
      "missing-command", "services: [{ type: cron, name: a, runtime: go, startCommand: ./a, schedule: '@daily' }]",
      "services: [{ type: web, name: a, runtime: static }]", "1:32", "no buildCommand"),
    LintCase(
      "workflow-source",
      "services: [{ type: workflow, name: a, runtime: node, region: ohio, startCommand: s, buildCommand: b }]",
      "services: [{ type: workflow, name: a, runtime: node, region: ohio, startCommand: s, buildCommand: b, repo: r }]",
      "1:36", "no repo"),
    LintCase(
      "missing-image", "services: [{ type: web, name: a, runtime: image }]",
      "services: [{ type: web, name: a, runtime: image, image: { url: docker.io/library/nginx } }]", "1:43",
      "names no image"),
    LintCase(
      "missing-image", "services: [{ type: web, name: a, runtime: node, image: { url: docker.io/library/nginx } }]",
      "services: [{ type: web, name: a, buildSource: b, image: { url: docker.io/library/nginx } }]", "1:49",
      "whose runtime is node"),
    LintCase(
      "no-publish-path", "services: [{ type: web, name: a, runtime: static }]",
      "services: [{ type: web, name: a, runtime: static, staticPublishPath: ./dist }]", "1:31", "./dist"),
    LintCase(
      "cron-schedule", "services: [{ type: cron, name: a, schedule: hourly }]",
      "services: [{ type: cron, name: a, schedule: '*/15 6-22 * * MON-SAT' }]", "1:45", "1 fields", "(UTC)"),
    LintCase(
      "cron-schedule", "services: [{ type: cron, name: a, schedule: '0 0 3 * * *' }]",
      "services: [{ type: cron, name: a, schedule: '0 3 * * *' }]", "1:45", "6 fields"),
    LintCase(
      "cron-schedule", "services: [{ type: cron, name: a, schedule: '0 0 31 2,4 *' }]",
      "services: [{ type: cron, name: a, schedule: '0 0 29 2 *' }]", "1:45", "never comes"),
    LintCase(
      "job-in-two-regions",
      "services: [{ type: cron, name: a, schedule: '0 3 * * *', startCommand: ./s }, { type: cron, name: b, region: ohio, schedule: '0 3 * * *', startCommand: ./s }]",
      "services: [{ type: cron, name: a, schedule: '0 3 * * *', startCommand: ./s }, { type: cron, name: b, region: ohio, schedule: '0 4 * * *', startCommand: ./s }]",
      "1:99", "sent twice"),
    LintCase(
      "job-in-two-regions",
      "services: [{ type: worker, name: a, startCommand: celery -A app beat }, { type: worker, name: b, region: ohio, startCommand: celery -A app beat }]",
      "services: [{ type: worker, name: a, startCommand: celery -A app worker }, { type: worker, name: b, region: ohio, startCommand: celery -A app worker }]",
      "1:95", "b in ohio", "a in oregon"),
    LintCase(
      "field-without-effect", "services: [{ type: worker, name: a, healthCheckPath: /health }]",
      "services: [{ type: web, name: a, healthCheckPath: /health }]", "1:37", "for web services"),
    LintCase(
      "path-shape", "services: [{ type: web, name: a, healthCheckPath: health }]",
      "services: [{ type: web, name: a, healthCheckPath: /health }]", "1:51", "'health'", "begin it with /"),
    LintCase(
      "path-shape", "services: [{ type: web, name: a, disk: { name: d, mountPath: data } }]",
      "services: [{ type: web, name: a, disk: { name: d, mountPath: /data } }]", "1:62", "mountPath"),
    LintCase(
      "address-source", "databases: [{ name: pg, ipAllowList: [{ source: 203.0.113.0/33 }] }]",
      "databases: [{ name: pg, ipAllowList: [{ source: '2001:db8::/32' }] }]", "1:49", "203.0.113.0/33"),
    LintCase(
      "branch-in-previews",
      "previews: { generation: automatic }\nservices: [{ type: web, name: a, branch: main }]",
      "previews: { generation: automatic }\nservices: [{ type: web, name: a, branch: main, repo: r }]", "2:34",
      "pull request"),
    LintCase(
      "free-database-size", "databases: [{ name: pg, plan: free, diskSizeGB: 5 }]",
      "databases: [{ name: pg, plan: free, diskSizeGB: 1 }]", "1:49", "5 GB"),
    LintCase(
      "second-free-datastore", "databases: [{ name: pg, plan: free }, { name: pg2, plan: free }]",
      "databases: [{ name: pg, plan: free }, { name: pg2, plan: basic-256mb }]", "1:58", "pg2", "share pg"),
    LintCase(
      "second-free-datastore",
      "services: [{ type: keyvalue, name: a, plan: free }, { type: redis, name: b, plan: free }]",
      "services: [{ type: keyvalue, name: a, plan: free }, { type: redis, name: b, plan: starter }]", "1:83",
      "key value instance"),
    LintCase(
      "high-availability", "databases: [{ name: pg, plan: basic-4gb, highAvailability: { enabled: true } }]",
      "databases: [{ name: pg, plan: basic-4gb, highAvailability: { enabled: false } }]", "1:71", "pro-4gb"),
    LintCase(
      "high-availability",
      "databases: [{ name: pg, plan: pro-4gb, postgresMajorVersion: '12', highAvailability: { enabled: true } }]",
      "databases: [{ name: pg, plan: pro-4gb, postgresMajorVersion: '13', highAvailability: { enabled: true } }]",
      "1:62", "13 or later"),
    LintCase(
      "read-replicas", "databases: [{ name: pg, plan: basic-256mb, readReplicas: [{ name: r }] }]",
      "databases: [{ name: pg, plan: basic-1gb, readReplicas: [{ name: r }] }]", "1:44", "basic-1gb"),
    LintCase(
      "read-replicas", "databases: [{ name: pg, plan: basic-1gb, diskSizeGB: 5, readReplicas: [{ name: r }] }]",
      "databases: [{ name: pg, plan: basic-1gb, diskSizeGB: 10, readReplicas: [{ name: r }] }]", "1:54", "5 GB"),
    LintCase(
      "read-replicas",
      "databases: [{ name: pg, plan: pro-4gb, readReplicas: [{ name: a }, { name: b }, { name: c }, { name: d }, { name: e }, { name: f }] }]",
      "databases: [{ name: pg, plan: basic-256mb, readReplicas: [] }]", "1:120", "6 read replicas"),
    LintCase(
      "reference-type",
      "services: [{ type: pserv, name: p }, { type: web, name: a, envVars: [{ key: A, fromService: { type: web, name: p, property: host } }] }]",
      "services: [{ type: pserv, name: p }, { type: web, name: a, envVars: [{ key: A, fromService: { type: pserv, name: p, property: host } }] }]",
      "1:101", "which is a pserv"),
    LintCase(
      "reference-property",
      "services: [{ type: worker, name: p }, { type: web, name: a, envVars: [{ key: A, fromService: { type: worker, name: p, property: host } }] }]",
      "services: [{ type: worker, name: p }, { type: web, name: a, envVars: [{ key: A, fromService: { type: worker, name: p, envVarKey: B } }] }]",
      "1:129", "nothing reaches"),
    LintCase(
      "reference-property",
      "services: [{ type: web, name: p }, { type: web, name: a, envVars: [{ key: A, fromService: { type: web, name: p, property: connectionString } }] }]",
      "services: [{ type: redis, name: p }, { type: web, name: a, envVars: [{ key: A, fromService: { type: redis, name: p, property: connectionString } }] }]",
      "1:123", "hostport"),
    LintCase(
      "reference-property",
      "services: [{ type: web, name: a, envVars: [{ key: A, fromService: { type: web, name: p } }] }]",
      "services: [{ type: web, name: a, envVars: [{ key: A, fromService: { type: web, name: p, envVarKey: B } }] }]",
      "1:67", "envVarKey:"),
    LintCase(
      "reference-variable",
      "services: [{ type: web, name: p, envVars: [{ key: TOKEN, sync: false }] }, { type: web, name: a, envVars: [{ key: A, fromService: { type: web, name: p, envVarKey: TOKNE } }] }]",
      "services: [{ type: web, name: p, envVars: [{ fromGroup: g }] }, { type: web, name: a, envVars: [{ key: A, fromService: { type: web, name: p, envVarKey: TOKNE } }] }]",
      "1:164", "'TOKEN'"),
    LintCase(
      "reference-variable",
      "services: [{ type: web, name: a, envVars: [{ key: A, fromService: { type: web, name: a, envVarKey: NDER } }] }]",
      "services: [{ type: web, name: a, envVars: [{ key: A, fromService: { type: web, name: a, envVarKey: RENDER_EXTERNAL_URL } }] }]",
      "1:100", "NDER of a"),
    LintCase(
      "reference-cycle",
      "services: [{ type: web, name: a, envVars: [{ key: A, fromService: { type: web, name: b, envVarKey: B } }] }, { type: web, name: b, envVars: [{ key: B, fromService: { type: web, name: a, envVarKey: A } }] }]",
      "services: [{ type: web, name: a, envVars: [{ key: A, fromService: { type: web, name: b, envVarKey: B } }] }, { type: web, name: b, envVars: [{ key: B, fromService: { type: web, name: a, property: host } }] }]",
      "1:100", "A of a → B of b → A of a"),
    LintCase(
      "older-spelling", "services: [{ type: web, name: a, autoDeploy: false }]",
      "services: [{ type: web, name: a, autoDeployTrigger: 'off' }]", "1:34", "'off' (for false)"),
    LintCase(
      "older-spelling", "services: [{ type: redis, name: a }]", "services: [{ type: keyvalue, name: a }]", "1:20",
      "type: keyvalue"),
    LintCase("older-spelling", "previewsEnabled: true", "previews: { generation: automatic }", "1:1", "previews:"),
    LintCase(
      "unquoted-word", "previews: { generation: off }", "previews: { generation: 'off' }", "1:25", "quote it: 'off'"),
    LintCase(
      "unquoted-word", "services: [{ type: web, name: a, envVars: [{ key: A, value: yes }] }]",
      "services: [{ type: web, name: a, envVars: [{ key: A, value: yes please }] }]", "1:61", "value: yes"),
    LintCase(
      "unquoted-number", "services: [{ type: web, name: a, envVars: [{ key: PYTHON_VERSION, value: 3.10 }] }]",
      "services: [{ type: web, name: a, envVars: [{ key: PYTHON_VERSION, value: 3.11 }] }]", "1:74", "'3.10'"),
    LintCase(
      "unquoted-number", "envVarGroups: [{ name: g, envVars: [{ key: A, value: 0755 }] }]",
      "envVarGroups: [{ name: g, envVars: [{ key: A, value: 755 }] }]", "1:54", "another number"),
    LintCase(
      "sync-in-group", "envVarGroups: [{ name: g, envVars: [{ key: A, sync: false }] }]",
      "envVarGroups: [{ name: g, envVars: [{ key: A, value: a }] }]", "1:47", "ignores"),
    LintCase(
      "placeholder-value", "services: [{ type: web, envVars: [{ key: API_KEY, value: YOUR_API_KEY }] }]",
      "services: [{ type: web, envVars: [{ key: API_KEY, value: s3cr3t }] }]", "1:58", "API_KEY", "sync: false"),
  ]
}
