import ArgumentParser
import Terminal

/// `outgrown monitor init`.
struct MonitorInitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Writes a commented monitor.yaml to begin with; never over a file that is there.")

  @Argument(help: "The file to write.")
  var file = "monitor.yaml"

  func run() throws {
    try Self.starter.write(to: file, then: "outgrown monitor run \(file)")
  }

  /// Tests hold it to what `monitor run` reads.
  static let starter = StarterFile(
    """
    # Whom to watch, without keeping it awake. Every key: docs/monitor.md
    ledger: var/monitor.sqlite        # what was seen
    listen: 127.0.0.1:8787            # POST /heartbeat/<name>, GET /state
    services:
      - name: my-service
        url: https://my-service.onrender.com   # doubts are settled by its /robots.txt, which wakes nobody
        idle: 15m                     # the plan's idle time, or never
        heartbeat_every: 60s          # what the service sends: docs/heartbeat_middleware.py
        # token_env: MY_SERVICE_TOKEN # the variable with its token, once others can reach the listener
        # sensor: access_log          # instead of heartbeats, where the log is on this machine
        # access_log: /var/log/nginx/access.log

    """)
}
