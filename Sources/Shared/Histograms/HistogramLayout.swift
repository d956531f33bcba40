/// HdrHistogram's bucket layout for every latency in Outgrown: nanoseconds, 1 ns to 1 h, 3 significant digits.
///
/// Source: HdrHistogram, `AbstractHistogram.java`: with lowest discernible value 1 and 3 significant digits,
/// `subBucketCount` = 2^⌈log2(2·10³)⌉ = 2,048, and bucket *b* covers [2,048·2^(b−1), 2,048·2^b) in steps of 2^b.
package enum HistogramLayout {
  package static let lowestDiscernible: UInt64 = 1
  package static let highestTrackable: UInt64 = 3_600_000_000_000
  package static let significantDigits = 3

  @usableFromInline package static let subBucketCountMagnitude = 11
  @usableFromInline package static let subBucketHalfCountMagnitude = 10
  @usableFromInline package static let subBucketCount = 1 << subBucketCountMagnitude
  @usableFromInline package static let subBucketHalfCount = subBucketCount / 2
  /// Buckets until 2,048·2^(b−1) passes the highest trackable value: 2,048·2^31 > 3.6·10^12.
  package static let bucketCount = 32
  package static let countsLength = (bucketCount + 1) * subBucketHalfCount

  /// The slot of `counts` that `value` falls into. Values above `highestTrackable` are the caller's to keep apart.
  @inlinable @inline(__always)
  package static func index(of value: UInt64) -> Int {
    let bucket = 53 &- (value | 2047).leadingZeroBitCount
    let subBucket = Int(truncatingIfNeeded: value &>> UInt64(truncatingIfNeeded: bucket))
    return (bucket &+ 1) &<< 10 &+ (subBucket &- 1024)
  }

  /// The lowest value that falls into slot `index`.
  @inline(__always)
  package static func lowestValue(at index: Int) -> UInt64 {
    var bucket = (index >> subBucketHalfCountMagnitude) - 1
    var subBucket = (index & (subBucketHalfCount - 1)) + subBucketHalfCount
    if bucket < 0 {
      subBucket -= subBucketHalfCount
      bucket = 0
    }
    return UInt64(subBucket) << UInt64(bucket)
  }

  /// The highest value that falls into slot `index`: what HdrHistogram reports for a percentile.
  @inline(__always)
  package static func highestValue(at index: Int) -> UInt64 {
    let bucket = max((index >> subBucketHalfCountMagnitude) - 1, 0)
    return lowestValue(at: index) + (1 << UInt64(bucket)) - 1
  }
}
