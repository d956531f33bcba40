import Testing

@testable import Histograms

@Suite struct HDRCodecTests {
  /// Of 1 ms, 2 ms twice, 45 ms and 1.5 s, made by PyPI hdrhistogram 0.10.8.
  static let goldenOfFive = "HISTFAAAAC94nJNpmSzMwMDAywABzFCaEch0M9ixgMH+A0Tg4DpGpr/8LF/dmN4HMAEArn4JWA=="

  /// The same five, and three at 3,600,000,000,000.
  static let goldenOfFiveAndThree = "HISTFAAAADN4nJNpmSzMwMAgyAABzFCaEch0M9ixgMH+A0Tg4DpGpr/8LF/dmN4HML3czMgGANprCv8="

  @Test("five samples encode to the bytes that HdrHistogram's Python port makes")
  func encodesGolden() throws {
    var histogram = Histogram()
    for value: UInt64 in [1_000_000, 2_000_000, 2_000_000, 45_000_000, 1_500_000_000] { histogram.record(value) }
    #expect(try histogram.encodedHDRText() == Self.goldenOfFive)
  }

  @Test(
    "attempts without an answer are the Python port's at the highest trackable value, and read back as what they were")
  func encodesUnanswered() throws {
    var histogram = Histogram()
    for value: UInt64 in [1_000_000, 2_000_000, 2_000_000, 45_000_000, 1_500_000_000] { histogram.record(value) }
    histogram.recordUnanswered(times: 2)
    histogram.record(3_600_000_000_001)
    let text = try histogram.encodedHDRText()
    #expect(text == Self.goldenOfFiveAndThree)
    let decoded = try Histogram(hdrText: text, unanswered: 2, beyondRange: 1)
    #expect(decoded.entries == histogram.entries)
    #expect(decoded.recorded == 5 && decoded.unanswered == 2 && decoded.beyondRange == 1 && decoded.count == 8)
    #expect(decoded.maximum < 2_000_000_000 && decoded.value(at: 0.9) == .infinity)
    // As any other tool reads it: nothing is lost, and nothing is fast.
    let foreign = try Histogram(hdrText: text)
    #expect(foreign.count == 8 && foreign.recorded == 8)
    #expect(foreign.value(at: 0.5) == histogram.value(at: 0.5))
    #expect(foreign.value(at: 0.9).map { $0 >= 3.6e12 } == true)
  }

  @Test("nothing but attempts without an answer encodes, and none of them turns into a time")
  func encodesOnlyUnanswered() throws {
    var histogram = Histogram()
    histogram.recordUnanswered(times: 30)
    let text = try histogram.encodedHDRText()
    #expect(text == "HISTFAAAACV4nJNpmSzMwMDAwgABzFCaEch0M9ixgMH+A0RgeheLDQBkNwWw")
    #expect(try Histogram(hdrText: text, unanswered: 30) == histogram)
  }

  @Test("a sample of an hour stays one beside attempts without an answer")
  func tellsApart() throws {
    var histogram = Histogram()
    histogram.record(3_600_000_000_000, times: 4)
    histogram.recordUnanswered(times: 3)
    let decoded = try Histogram(hdrText: histogram.encodedHDRText(), unanswered: 3)
    #expect(decoded.recorded == 4 && decoded.unanswered == 3 && decoded.entries == histogram.entries)
  }

  @Test("more attempts without an answer than there are at the highest value are refused")
  func refusesTooMany() throws {
    var histogram = Histogram()
    histogram.record(1_000_000)
    histogram.recordUnanswered(times: 2)
    let text = try histogram.encodedHDRText()
    for (unanswered, beyondRange) in [(3, 0), (2, 1), (.max, 1)] as [(UInt64, UInt64)] {
      #expect { try Histogram(hdrText: text, unanswered: unanswered, beyondRange: beyondRange) } throws: {
        ($0 as? HistogramCodecError)?.code == .outOfBounds
      }
    }
  }

  @Test("the Python port's text reads back with its counts")
  func decodesGolden() throws {
    let histogram = try Histogram(hdrText: Self.goldenOfFive)
    #expect(histogram.recorded == 5)
    #expect(histogram[slot: HistogramLayout.index(of: 2_000_000)] == 2)
    #expect(
      histogram.value(at: 1) == Double(HistogramLayout.highestValue(at: HistogramLayout.index(of: 1_500_000_000))))
  }

  @Test("two thousand samples, bounds included, encode to the Python port's bytes")
  func encodesLongGolden() throws {
    var histogram = Histogram()
    for index: UInt64 in 1...2_000 {
      histogram.record((index * index * 7_919 + index * 104_729) % 5_000_000_000 + 1)
    }
    for value: UInt64 in [3_600_000_000_000, 0, 2_047] { histogram.record(value) }
    histogram.record(2_048, times: 5)
    let text = try histogram.encodedHDRText()
    #expect(text == Self.goldenOfTwoThousand)
    #expect(try Histogram(hdrText: text).entries == histogram.entries)
  }

  @Test(
    "counts survive the round trip whatever their size",
    arguments: [1, 63, 64, 8_191, 8_192, 1 << 31, 1 << 47] as [UInt64])
  func roundTripsCounts(count: UInt64) throws {
    var histogram = Histogram()
    histogram.record(12_345_678, times: count)
    histogram.record(0, times: count)
    let decoded = try Histogram(hdrText: histogram.encodedHDRText())
    #expect(decoded.entries == histogram.entries)
    #expect(decoded.recorded == 2 * count)
  }

  @Test("an empty histogram encodes, and decodes as empty")
  func roundTripsEmpty() throws {
    #expect(try Histogram(hdrText: Histogram().encodedHDRText()) == Histogram())
  }

  @Test(
    "variable-length integers keep their value to the limits of 64 bits",
    arguments: [0, 1, -1, 63, -64, 64, 1 << 55, -(1 << 56), .max, .min] as [Int64])
  func roundTripsVarints(value: Int64) {
    var bytes: [UInt8] = []
    ZigZagLEB128.append(value, to: &bytes)
    #expect(bytes.count <= 9)
    var rest = bytes[...]
    #expect(ZigZagLEB128.take(from: &rest) == value)
    #expect(rest.isEmpty)
  }

  @Test(
    "what is no histogram of this layout is refused",
    arguments: [
      ("", .malformed), ("HISTFAAA", .malformed), ("not base64!", .malformed), ("AAAAAAAAAAA=", .unsupported),
      ("HISTFAAAAC94nJNpmSzMwMDAywABzFCaEch0M9ixgMH+A0Tg4DpGpr/8LF/dmN4HMAEArn4JWQ==", .malformed),
      ("HISTFAAAABB4nJNpmSzMwMDAywABzFA=", .malformed),
    ] as [(String, HistogramCodecError.Code)])
  func refuses(text: String, code: HistogramCodecError.Code) {
    #expect { try Histogram(hdrText: text) } throws: { ($0 as? HistogramCodecError)?.code == code }
  }

  @Test("runs, counts and headers beyond the layout are refused before memory is taken")
  func refusesHostilePayloads() throws {
    func encoded(digits: UInt32 = 3, payload: [Int64]) -> [UInt8] {
      var counts: [UInt8] = []
      for value in payload { ZigZagLEB128.append(value, to: &counts) }
      var bytes: [UInt8] = []
      bytes.appendBigEndian(UInt32(0x1c84_9313))
      bytes.appendBigEndian(UInt32(counts.count))
      bytes.appendBigEndian(UInt32(0))
      bytes.appendBigEndian(digits)
      bytes.appendBigEndian(UInt64(1))
      bytes.appendBigEndian(UInt64(3_600_000_000_000))
      bytes.appendBigEndian(Double(1).bitPattern)
      return bytes + counts
    }
    #expect(try Histogram(hdr: encoded(payload: [-5, 3])).value(at: 1) == 5)
    let hostile: [[UInt8]] = [
      encoded(digits: 5, payload: [1]), encoded(payload: [-40_000, 1]), encoded(payload: [.min]),
      encoded(payload: [.max]), encoded(payload: [-33_421, 1]), Array(encoded(payload: [300]).dropLast()),
      encoded(payload: [1]) + [0],
    ]
    for bytes in hostile {
      #expect(throws: HistogramCodecError.self) { try Histogram(hdr: bytes) }
    }
  }

  @Test("a bomb of zeros is refused by its size")
  func refusesBomb() throws {
    let bomb = try Zlib.deflate([UInt8](repeating: 0, count: 50_000_000))
    var bytes: [UInt8] = []
    bytes.appendBigEndian(UInt32(0x1c84_9314))
    bytes.appendBigEndian(UInt32(bomb.count))
    #expect { try Histogram(hdrText: Base64.encode(bytes + bomb)) } throws: {
      ($0 as? HistogramCodecError)?.code == .outOfBounds
    }
  }

  static let goldenOfTwoThousand = """
    HISTFAAABRN4nEVVPYhdVRDe+c7cc3NzeTwej+WxrGFZwrIsIWiQIEFCEIkSJAQRsQgWImIlFiIiVgEtLIKFBBEbRcRCrNLYiFUQ\
    C0lhYWVhbaOIlY3ffDNvzcm799w58/d9M3P2kfc/Xu/szH0n/7V6G7fPPPbd5zvX/kwB/j3A2e9v4+8VPjyLuxO+HfDHgE8H3G94\
    2PBXwx3HPeAr4D7wAPgF+B34x/CD4UfDQ8Ovht8MG/xsWMcHz34y3DF8YLiM53HX8JHhnuE6Pz4zfGH40vAeTvCN4WvDS7jN9TJe\
    4XoNV3GE1/EqGt7gehO3cIC38Dbewbs4pourWOECrlFrDcNTXE9zXcez/N3g8znsAucx+U1ub9L8FqPewIAXaLrm80V+HdC00c0F\
    MIuLmHGOz3NY4FGui8SyocExfye4xLVHn4/zfYKJJ3vcb7BPbI2yCxjxBB0fUrKHK1yXaHeFp4Yn+ebjMgMYTWcs+V7S4IDBzvF5\
    AFrFB0EtaMY4MxUHejuk/JBxRq4Nd/x/3g8ZaEEF6hnPz3PtCcoRd0fcGX3tUeGIfjYMtUvrfRotQdExP5d8jlQ6plIEmrjbp4OA\
    esLzFeMMNF6BVmsej0ps7QPflPLluzxYMdRKAVe0YuZzHPHXaLHL2CEc5ThA87GRX3ErqI2WjdtonY3HCoaiqHuUN+4bv4KOiLoR\
    5BYpjHQ20XDtTaprPkM2+Ip7elZiUY19RfeluF/I40jxSqRE7pHRPtlokeLIz30GysSMARuP9pFOIw61fZYrnnsrfCP0muNYosBE\
    TRoZ2YropsjsAmI0nxV5UFdENZtngEX1SehaCCblMahlaOAmWkyMmgfm0InCgO+lK5elTJpM8kczb+LR9DUL+xzEBG2Jfirck3yx\
    rJ1ns/SaLCn25tEZS+gg40aAKNDklC/keVR6K6EzFdvUxk08TOUzK7woYKaiZnaBYtSpgkXo5pH+LNVgY+pzUci9D2oTxV6HDbU7\
    kxWZ8o3RTZ3RsszSlcgnpcJtN/ppbkoDYe2ZCJWaii1zqQ+iX9tOZK7dqJIHIyIx0Tbf2plIarGJvQ95rlZC9Qjp5YkLfeplcYRS\
    HsoI1b5VPIuoSj1hjtLzmKgu9Sn2g6sBWXhlFDCYOyMp7yFnQOACfu3CTzRuFLpndYPqPvicONSrqEaTC8YoCOFJnRZNXolN6Dk1\
    4lskOmZxPRRpnh0stOoDl3XbzpkynrcMVy2nTGjU3PlCTHgyVBwNycvs3nSPqYZjMZnQNJsReCix2lRt54scTA/wiolGJB5nKmGI\
    guIsjnSYqPyoGEFBfIaFS9K2fUhhYOun7REdryJFqmdEk6bfq/LVNWKw1xmqbmkeLP3vXUmGNFIQxG6opsnc1brhUI2pYSgnISgY\
    CbUQp4OoDb2JdMs8Ek1ZeJQElUeR4blTkzlYBbct2OpMV+nck8wgzlvdqNtkQr9mwYceA+4Jonnm3ba/3k5Jg6slED1YuVrPm0FW\
    ujRsay2Efew4HdMaSN+6iyqOXjY5qJ7DkuSp0+ghvWV1IeR009OBle/TIC1r4BoXFej/GysvnhqsSraSDqY7iubMssefG3WSRooR\
    PadqC2GIKIM8u64x63VRet08xbVj2Eb3Esdt2euqQ3Zutb9wjGcCTEyLEEdJGSQ47MjB6NlekV7X1dKTPHaf5qbLgi1E73EkUfjy\
    dBBnmoit4zyQiUXDnEmeFMe6J8zyU6Z48InhP0DxZEI=
    """
}
