import Histograms
import Wording

/// What has come of one selector second by second, as far as budgets ask for it, and once for all that do.
struct SelectorHistory: Sendable {
  struct Window: Sendable {
    var window: SlidingWindow
    /// Indices of the budgets that are judged on it.
    var budgets: [Int]
  }

  let selector: MetricSelector
  /// Of each length that a budget names.
  private(set) var windows: [Window] = []
  /// Where a budget is on a percentile of the whole run.
  private(set) var seconds: SecondBlocks?

  /// Nil where no budget asks for any.
  init?(of selector: MetricSelector, for budgets: [Budget]) {
    self.selector = selector
    for (index, budget) in budgets.enumerated() where budget.selector == selector {
      if let length = budget.window {
        let window = SlidingWindow(seconds: length.seconds)
        if let place = windows.firstIndex(where: { $0.window.seconds == window.seconds }) {
          windows[place].budgets.append(index)
        } else {
          windows.append(Window(window: window, budgets: [index]))
        }
      } else if case .quantile = budget.method, !selector.metric.isOfWholeRun {
        seconds = SecondBlocks()
      }
    }
    if windows.isEmpty && seconds == nil { return nil }
  }

  /// Takes one observation.
  /// - Parameters:
  ///   - samples: since the last one; of a silence all that has been so far.
  ///   - time: seconds of measured time; nil where windows take none.
  /// - Returns: the windows that are full and new.
  mutating func add(_ samples: MetricSamples, at time: Double?) -> [Window] {
    let added = SlidingWindow.Added(samples)
    if case .times(let counts) = added { seconds?.add(counts) }
    guard let time else { return [] }
    return windows.indices.filter { windows[$0].window.add(added, at: time) }.map { windows[$0] }
  }
}
