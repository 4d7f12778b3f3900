"""Every module that registers questions: imported here, so that whoever asks has them all."""

import sim.twin.gates.account
import sim.twin.gates.activation
import sim.twin.gates.application
import sim.twin.gates.binding
import sim.twin.gates.certificate
import sim.twin.gates.employees
import sim.twin.gates.head_change
import sim.twin.gates.recovery
import sim.twin.gates.registration
import sim.twin.gates.sign_in
import sim.twin.gates.verification  # noqa: F401
