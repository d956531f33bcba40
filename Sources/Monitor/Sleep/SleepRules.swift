/// How a service sleeps and how it is watched. All times in seconds.
package struct SleepRules: Sendable, Equatable, Codable {
  /// The platform spins the service down this long after its last inbound request; nil for a plan that never sleeps.
  package var idle: Double?
  /// How often the service says that it runs.
  package var heartbeat: Double
  /// How much later than due a heartbeat may come.
  package var grace: Double
  /// How far a spin-down may be from what the idle clock says.
  package var slack: Double
  /// How long a wake takes, from the request to its answer, where somebody has timed it.
  package var wake: Double?
  /// How long a start may take before it counts as failed.
  package var start: Double
  /// Between two probes that settle a doubt.
  package var confirm: Double
  /// Between two looks at a service that sleeps, is suspended or down; and between polls where `/robots.txt` is the
  /// sensor.
  package var poll: Double
  /// Whether there is a URL to settle doubts with.
  package var canProbe: Bool
  /// Failures in a row before DOWN.
  package var failures: Int
  /// Successes in a row before a service that was DOWN is UP.
  package var successes: Int

  package init(
    idle: Double? = 900, heartbeat: Double = 60, grace: Double? = nil, slack: Double? = nil,
    wake: Double? = nil, start: Double = 120,
    confirm: Double? = nil, poll: Double? = nil, canProbe: Bool = true, failures: Int = 3, successes: Int = 2
  ) {
    self.idle = idle
    self.heartbeat = heartbeat
    self.grace = grace ?? heartbeat / 2
    self.slack = slack ?? max(0.25, (idle ?? 0) * 0.02)
    self.wake = wake
    self.start = start
    self.confirm = confirm ?? heartbeat / 4
    self.poll = poll ?? (idle.map { $0 + max(0.2, $0 / 15) } ?? heartbeat * 4)
    self.canProbe = canProbe
    self.failures = failures
    self.successes = successes
  }
}

extension SleepRules {
  /// How often a watch has to look at its clock, so that probes come when they are due.
  package func pause(_ sensor: SleepInference.Sensor) -> Double {
    let due = canProbe ? min(heartbeat, confirm * 4, poll) : heartbeat
    return min(1, max(0.02, due / 20))
  }

  /// Silence of the monitor itself beyond this is time in which nobody watched.
  package func absence(_ sensor: SleepInference.Sensor) -> Double {
    switch sensor {
    case .heartbeats, .accessLog: heartbeat + grace
    case .robots, .health: min(heartbeat + grace, max(1, poll))
    }
  }
}

/// Within what time of its happening each change is seen, at most; seconds, a probe's own duration apart.
package struct DetectionDelays: Sendable, Equatable {
  /// Spun down, and the service said that it stops.
  package var asleepAnnounced: Double
  /// Spun down without a word.
  package var asleepSilent: Double
  /// Woken: from the process's start, as long as that takes, to its first heartbeat.
  package var awake: Double
  /// Up again after it was DOWN: successes in a row are waited for.
  package var recovered: Double
  /// Killed or crashed while it ran.
  package var died: Double
  /// Crashed at its start, after sleep.
  package var failedWake: Double
  /// Stopped before its time.
  package var stopped: Double
  package var suspended: Double

  package init(_ rules: SleepRules, sensor: SleepInference.Sensor) {
    let silence = rules.heartbeat + rules.grace
    let settling = rules.confirm * Double(rules.failures - 1)
    switch sensor {
    case .heartbeats:
      let further = rules.canProbe ? settling : rules.heartbeat * Double(rules.failures - 1)
      asleepAnnounced = rules.grace
      asleepSilent = silence
      awake = rules.grace
      recovered = rules.grace + rules.heartbeat * Double(rules.successes - 1)
      died = silence + further
      failedWake = rules.canProbe ? rules.poll + settling : .infinity
      stopped = rules.grace + (rules.canProbe ? rules.confirm * Double(rules.failures) : silence + further)
      suspended = rules.canProbe ? silence + rules.poll : .infinity
    case .accessLog:
      asleepAnnounced = rules.slack + rules.grace
      asleepSilent = rules.slack + rules.grace
      awake = rules.grace
      recovered = rules.grace
      died = rules.canProbe ? max((rules.idle ?? 0) + rules.slack, rules.poll) + settling : .infinity
      (failedWake, stopped, suspended) = (died, died, died)
    case .robots, .health:
      asleepAnnounced = rules.poll
      asleepSilent = rules.poll
      awake = rules.poll
      recovered = rules.poll + rules.confirm * Double(rules.successes - 1)
      died = rules.poll + settling
      (failedWake, stopped, suspended) = (died, died, died)
    }
  }
}
