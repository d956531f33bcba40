/// Why the store can't do what it is asked, through nobody's fault who asks.
package enum StoreOutage: Sendable, Equatable {
  /// Can't be reached, or does not answer in time.
  case away
  /// Takes nothing more: its disk is full.
  case full
}
