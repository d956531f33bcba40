import AppDomain

/// A doctor of the schedule, put together from every cell that names them.
struct Doctor: Equatable {
  let key: DoctorKey
  var name: String
  var qualification: String?
  var specialities: [String] = []
  var categories: [Duty.Category] = []

  /// By name. Of spellings that differ, the first that has a qualification is shown.
  static func all(of cells: [DoctorCell]) -> [Doctor] {
    var doctors: [DoctorKey: Doctor] = [:]
    for cell in cells {
      guard let key = DoctorKey(cell: cell.name) else { continue }
      let name = DoctorName(cell: cell.name)
      var doctor = doctors[key] ?? Doctor(key: key, name: name.name)
      if doctor.qualification == nil, let qualification = name.qualification {
        doctor.name = name.name
        doctor.qualification = qualification
      }
      if let speciality = cell.speciality, !speciality.isEmpty, !doctor.specialities.contains(speciality) {
        doctor.specialities.append(speciality)
      }
      if !doctor.categories.contains(cell.category) { doctor.categories.append(cell.category) }
      doctors[key] = doctor
    }
    return doctors.values.sorted { $0.key < $1.key }
  }
}
