import Foundation
import TestSupport

/// A schedule's site with one worksheet, whose page can be held back.
///
/// `@unchecked`: everything that changes is used under `condition`.
final class GatedSite: @unchecked Sendable {
  private let condition = NSCondition()
  private var rows = "Dr. A"
  private var isHeld = false
  private var waiting = 0
  private var base = ""

  var address: String {
    get { condition.withLock { base } }
    set { condition.withLock { base = newValue } }
  }

  /// How many wait for a worksheet.
  var held: Int { condition.withLock { waiting } }

  /// From now on a worksheet's page has this doctor, and comes when it is released.
  func hold(rows: String) {
    condition.withLock {
      self.rows = rows
      isHeld = true
    }
  }

  /// Lets those go that wait, with the rows they came for; who comes from now on gets the new ones at once.
  func release(rows: String) {
    condition.withLock {
      self.rows = rows
      isHeld = false
      condition.broadcast()
    }
  }

  func answer(_ head: String) -> LoopbackServer.Answer {
    let path = head.split(separator: " ").dropFirst().first ?? ""
    let body: String
    if path.hasPrefix("/list") {
      body = #"<script>items.push({name: "01\/01\/2100 FRIDAY", pageUrl: "\/sheet?gid\x3d1", gid: "1"});</script>"#
    } else if path.hasPrefix("/sheet") {
      body =
        "<table class=waffle><tr><td>DOCTOR'S NAME<td>TIMING<td>SHIFT<tr><td>\(sheet())<td>08:00-14:00<td>Morning</table>"
    } else {
      body = "<iframe src='/list?gid=1&amp;widget=true'></iframe>"
    }
    return .init(body: Array(body.utf8))
  }

  private func sheet() -> String {
    condition.withLock {
      let rows = rows
      waiting += 1
      while isHeld { condition.wait() }
      waiting -= 1
      return rows
    }
  }
}
