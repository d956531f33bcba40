import AppDomain

/// A cell, read as a timing, as a name and as a worksheet's date.
enum TimingTarget {
  static func run(_ input: UnsafeBufferPointer<UInt8>) {
    let text = String(decoding: input, as: UTF8.self)
    if let timing = DutyTiming.parse(text) {
      require((0..<1_440).contains(timing.start), "starts at minute \(timing.start)")
      require((0...1_440).contains(timing.end), "ends at minute \(timing.end)")
      require(timing.endsNextDay == (timing.end <= timing.start), "\(timing)")
    }
    let name = DoctorName(cell: text)
    require(name.name.utf8.count <= 3 * text.utf8.count, "a name longer than its cell")
    if let date = SheetDate.parse(text) { require(date.dayMonthYear.utf8.count == 10, "\(date.dayMonthYear)") }
    _ = SheetDate.claimedWeekday(text)
  }
}
