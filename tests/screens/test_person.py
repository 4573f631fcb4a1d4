"""Who a patient is, changed part by part by keyboard alone."""

from uuid import UUID

from pcc_desk.desk.bringing import WholeRecord
from pcc_desk.desk.physicians import note_physician
from pcc_desk.domain.entries import Act, StaffAdded
from pcc_desk.domain.identity import PatientStatus
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.shop import Shop
from tests.desk.counter import CHIDI, CHIDIS_CARD, MARA, MARAS_CARD, Counter
from tests.screens.seat import NARROW, Seat, at_the_queue

IDA = Person(UUID(int=0xDA), "Ida Nkemelu", Role.MANAGER)


async def at_the_person(seat: Seat) -> None:
    await seat.press("enter")
    await seat.see("Lindqvist, Mara   born")
    await seat.press("p")
    await seat.see("wants to be reached by")


async def test_a_married_name_needs_its_reason_and_the_old_one_finds_her_still(counter: Counter) -> None:
    async with at_the_queue(counter, NARROW) as seat:
        await at_the_person(seat)
        await seat.press("n")
        await seat.see("Name and certification: Lindqvist, Mara")
        await seat.press("ctrl+u")
        await seat.type("Brandt")
        await seat.press("f2")
        await seat.see("Say why the name")
        await seat.type("married")
        await seat.press("f2")
        await seat.see("Brandt, Mara")
        await seat.see("was called")
    assert [each.patient_id for each in counter.ledger.find_patients("lindqvist", 5)] == [MARA.id]


async def test_who_certifies_her_is_typed_and_a_wrong_check_digit_is_said_at_its_field(counter: Counter) -> None:
    async with at_the_queue(counter, NARROW) as seat:
        await at_the_person(seat)
        await seat.press("y")
        await seat.see("Physician: Lindqvist, Mara")
        await seat.press("ctrl+u")
        await seat.type("Mensah, Ike\rL-1\r1234567894\rElm Street\r313-555-0144\rmensah@direct.example")
        await seat.press("f2")
        await seat.see("The check digit of this NPI is wrong")
        await seat.press("ctrl+u")
        await seat.type("1234567893")
        await seat.press("f2")
        await seat.see("Mensah, Ike certifies Lindqvist, Mara.")
        await seat.see("Mensah, Ike · licence L-1 · NPI 1234567893")
        await seat.see("Elm Street · fax 313-555-0144 · mensah@direct.example")
        await seat.press("y")
        await seat.see("Physician: Lindqvist, Mara")
        await seat.press("down", "down", "down")
        await seat.press("ctrl+u")
        await seat.type("Oak Street")
        await seat.press("f2")
        await seat.see("Oak Street · fax 313-555-0144")
        await seat.see("Saved 10:00:00: changed for all patients of Mensah, Ike, who certifies")
    assert [each.practice for each in counter.ledger.physicians("mensah", 9)] == ["Oak Street"]


async def call_the_physician(seat: Seat, name: str) -> None:
    """Type another name for who certifies Mara, and leave everything else as it stands."""
    await at_the_person(seat)
    await seat.press("y")
    await seat.see("Physician: Lindqvist, Mara")
    await seat.press("ctrl+u")
    await seat.type(name)
    await seat.press("f2")


async def test_another_name_beside_the_npi_that_stands_there_is_asked_about_before_anybody_is_called_it(
    counter: Counter,
) -> None:
    typed = {"name": "Mensah, Ike", "npi": "1234567893"}
    note_physician(counter.ledger, CHIDI.id, typed, act=counter.act())
    note_physician(counter.ledger, MARA.id, typed, act=counter.act())
    async with at_the_queue(counter, NARROW) as seat:
        await call_the_physician(seat, "Moreau, Lise")
        await seat.see("This NPI is Mensah, Ike’s. Are they called Moreau, Lise now?")
        await seat.press("n")
        await seat.see("This NPI is Mensah, Ike’s, on record.")
        assert [each.name for each in counter.ledger.physicians("", 9)] == ["Mensah, Ike"]
        await seat.press("ctrl+u")
        await seat.press("f2")
        await seat.see("Moreau, Lise certifies Lindqvist, Mara.")
        assert [each.name for each in counter.ledger.physicians("", 9)] == ["Mensah, Ike", "Moreau, Lise"]
        await seat.press("y")
        await seat.see("Physician: Lindqvist, Mara")
        await seat.press("down", "down")
        await seat.type("1234567893")
        await seat.press("f2")
        await seat.see("This NPI is Mensah, Ike’s, on record. Type")


async def test_a_physician_who_is_called_otherwise_now_is_for_all_their_patients(counter: Counter) -> None:
    typed = {"name": "Mensah, Ike", "npi": "1234567893"}
    for each in (CHIDI, MARA):
        note_physician(counter.ledger, each.id, typed, act=counter.act())
    async with at_the_queue(counter, NARROW) as seat:
        await call_the_physician(seat, "Okafor, Ike")
        await seat.see("Are they called Okafor, Ike now?")
        await seat.press("y")
        text = await seat.see("Saved 10:00:00: changed for all patients of Okafor, Ike, who certifies")
        assert "For the others the Queue shows the former name still." in " ".join(text.split())
    assert [each.name for each in counter.ledger.physicians("", 9)] == ["Okafor, Ike"]


async def test_for_another_physician_what_stands_there_of_the_first_is_left_out_and_that_is_said(
    counter: Counter,
) -> None:
    typed = {"name": "Mensah, Ike", "npi": "1234567893", "practice": "Elm Street", "fax": "313-555-0144"}
    note_physician(counter.ledger, MARA.id, typed, act=counter.act())
    async with at_the_queue(counter, NARROW) as seat:
        await at_the_person(seat)
        await seat.press("y")
        await seat.see("Physician: Lindqvist, Mara")
        await seat.press("ctrl+u")
        await seat.type("Moreau, Lise")
        await seat.press("down", "down", "ctrl+u")
        await seat.press("f2")
        text = await seat.see("Moreau, Lise certifies Lindqvist, Mara.")
        assert "Not taken over from Mensah, Ike: practice, fax." in " ".join(text.split())
    moreau = next(each for each in counter.ledger.physicians("moreau", 9))
    assert (moreau.npi, moreau.practice, moreau.fax) == ("", "", "")


async def test_a_renewed_card_is_typed_once(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_person(seat)
        await seat.press("c")
        await seat.see("Card: Lindqvist, Mara")
        await seat.type(f"{CHIDIS_CARD.number}\r2029-01-01")
        await seat.press("f2")
        await seat.see("is the card of Okafor, Chidi")
        await seat.press("ctrl+u")
        await seat.type("MI-P-0032-2")
        await seat.press("f2")
        await seat.see("renewed as MI-P-0032-2")
    assert [each.number for each in counter.ledger.cards(MARA.id)] == ["MI-P-0032-2", MARAS_CARD.number]


async def test_a_renewed_card_that_is_scanned_goes_into_the_form(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_person(seat)
        await seat.press("c")
        await seat.see("Card: Lindqvist, Mara")
        await seat.scan("MI-P-0032-2222\r")
        await seat.see("Scanned card MI-P-0032-2222. See that it is read right.")
        await seat.press("down")
        await seat.type("2029-01-01")
        await seat.scan("MI-P-0032-3333\r")
        await seat.see("Typed otherwise, and left so: new card")
        await seat.press("f2")
        await seat.see("renewed as MI-P-0032-2222")
    assert [each.number for each in counter.ledger.cards(MARA.id)] == ["MI-P-0032-2222", MARAS_CARD.number]


async def test_a_card_that_is_scanned_into_another_form_about_a_patient_opens_nothing(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_person(seat)
        await seat.press("d")
        await seat.see("Details: Lindqvist, Mara")
        await seat.scan(CHIDIS_CARD.number + "\r")
        await seat.see("Scanned card MI-P-0041-7723. There is no field for it here.")
        assert "Details: Lindqvist, Mara" in seat.text


async def test_how_somebody_is_reached_is_refused_at_its_field_where_it_cannot_be(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_person(seat)
        await seat.press("d")
        await seat.see("Details: Lindqvist, Mara")
        await seat.press(*("tab",) * 5)
        await seat.type("mara.example.org\rcarrier pigeon\r")
        await seat.press(*("tab",) * 3)
        await seat.type("12")
        await seat.press("f2")
        await seat.see("An e-mail address looks like chi@example.org")
        assert counter.ledger.details(MARA.id).email == ""
        await seat.press("ctrl+u")
        await seat.type("mara@example.org\r")
        await seat.press("f2")
        await seat.see("Type one of: telephone, text")
        await seat.press("ctrl+u")
        await seat.type("letter\r")
        await seat.press("f2")
        await seat.see("A telephone number has 7 to 15 digits")
        await seat.press("ctrl+u")
        await seat.type("313-555-0100")
        await seat.press("f2")
        await seat.see("Saved")
    assert counter.ledger.details(MARA.id).email == "mara@example.org"


async def test_to_be_told_whose_card_it_is_is_on_record_as_a_search(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_person(seat)
        await seat.press("c")
        await seat.see("Card: Lindqvist, Mara")
        await seat.type(f"{CHIDIS_CARD.number}\r2029-01-01")
        await seat.press("f2")
        await seat.see("is the card of Okafor, Chidi")
        assert counter.recorded("patients.searched") == 1


async def test_a_caregiver_for_herself_is_a_sentence_and_another_is_linked(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_person(seat)
        await seat.press("g")
        await seat.see("Caregiver: Lindqvist, Mara")
        await seat.type(f"{MARAS_CARD.number}\r2027-01-01\rReyes\rTomás")
        await seat.press("f2")
        await seat.see("nobody is caregiver for")
        await seat.press("ctrl+u")
        await seat.type("MI-C-5")
        await seat.press("f2")
        await seat.see("Reyes, Tomás may buy from")
        await seat.see("caregiver              Reyes, Tomás, from 2026-03-12")


async def test_two_records_are_merged_by_a_card_and_a_reason_and_parted_again(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await seat.press("d")
        await seat.see("Saved")
        await at_the_person(seat)
        await seat.press("m")
        await seat.see("Merge with another record: Lindqvist, Mara")
        await seat.type(CHIDIS_CARD.number)
        await seat.press("f2")
        await seat.see("say by what you know")
        await seat.type("same passport")
        await seat.press("f2")
        await seat.see("Okafor, Chidi, born 1958-03-11, and Lindqvist, Mara, born 1990-07-02: are they one")
        await seat.see("Their birth dates are not the same.")
        assert counter.ledger.merged == {}
        await seat.press("f2")
        await seat.see("counts with it")
        assert counter.ledger.kept_as(CHIDI.id) == MARA.id
        await seat.press("p")
        await seat.see("Part two records")
        await seat.type("sisters")
        await seat.press("f2")
        await seat.see("counts by itself again")
    assert counter.ledger.kept_as(CHIDI.id) == CHIDI.id


async def test_a_status_is_set_with_its_reason(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_person(seat)
        await seat.press("u")
        await seat.see("Status: Lindqvist, Mara")
        await seat.press("ctrl+u")
        await seat.type("arch\r")
        await seat.press("f2")
        await seat.see("Say why, for the record.")
        await seat.type("moved away")
        await seat.press("f2")
        await seat.see("archived: moved away")
    assert counter.ledger.patient_status(MARA.id).status is PatientStatus.ARCHIVED


async def test_a_consent_is_refused_given_and_withdrawn(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_person(seat)
        for typed, told in (("mess\rgiven", "messages: given"), ("mess\rwith\r\rlost phone", "messages: withdrawn")):
            await seat.press("o")
            await seat.see("Consent: Lindqvist, Mara")
            await seat.type(typed)
            await seat.press("f2")
            await seat.see(told)


async def test_a_request_runs_its_clock_and_is_answered_by_who_answers_for_the_record(counter: Counter) -> None:
    counter.put(StaffAdded(IDA))
    counter.desk = counter.desk_of(IDA)
    async with at_the_queue(counter) as seat:
        await at_the_person(seat)
        await seat.press("q")
        await seat.see("Request: Lindqvist, Mara")
        await seat.type("to\reverything")
        await seat.press("f2")
        await seat.see("due Sat 11 Apr, in 30 d")
        await seat.press("a")
        await seat.see("Answer to a request")
        await seat.type("den")
        await seat.press("f2")
        await seat.see("Type the reason")
        await seat.type("not ours")
        await seat.press("f2")
        await seat.see("to see the record: everything · denied (not ours)")
        for words in ("the hip", "the knee"):
            await seat.press("q")
            await seat.see("Request: Lindqvist, Mara")
            await seat.type(f"am\r{words}")
            await seat.press("f2")
            await seat.see(f"to amend: {words} · due")
        await seat.press("a")
        text = " ".join((await seat.see("Answer to a request")).split())
        assert "1 amendment of 2026-03-12: the hip; 2 amendment of 2026-03-12: the knee" in text
        await seat.type("2\ram")
        await seat.press("f2")
        await seat.see("to amend: the knee · amended")
        assert "to amend: the hip · due" in seat.text


class FakeRecordsOut:
    """Writes into one folder, which may be full."""

    def __init__(self) -> None:
        self.written: list[tuple[UUID, str]] = []
        self.is_full = False

    def why_not(self, folder: str) -> str:
        """Know the one folder."""
        return "" if folder == "/media/stick" else "There is no such folder. Make it, or type another."

    async def write(self, whole: WholeRecord, shop: Shop, act: Act, folder: str) -> str:
        """Write, while there is room."""
        if self.is_full:
            raise OSError(28, "No space left on device")
        self.written.append((whole.known.patient.id, folder))
        return f"{folder}/record"


async def test_the_whole_record_is_written_out_for_the_patient_after_the_secret(counter: Counter) -> None:
    counter.put(StaffAdded(IDA))
    desk = counter.desk_of(IDA)
    out = FakeRecordsOut()
    counter.desk.records_out = lambda: out
    counter.desk.person = desk.person
    async with at_the_queue(counter, NARROW) as seat:
        await at_the_person(seat)
        await seat.press("w")
        await seat.see("The whole record: Lindqvist, Mara")
        await seat.type("/media/nowhere\r")
        await seat.see("There is no such folder.")
        assert not counter.recorded("record.given")
        await seat.press("ctrl+u")
        out.is_full = True
        await seat.type("/media/stick\r")
        await seat.prove()
        await seat.see("It could not be written: No space left on")
        out.is_full = False
        await seat.press("f2")
        await seat.see("type your PIN or passphrase again")
        await seat.press("escape")
        await seat.see("Not done: your secret was not typed again.")
        assert not out.written
        await seat.press("f2")
        await seat.prove()
        await seat.see("/media/stick/record.txt and .json")
    assert out.written == [(MARA.id, "/media/stick")]


async def test_who_may_not_hand_records_out_has_no_key_for_it(counter: Counter) -> None:
    counter.desk.records_out = FakeRecordsOut
    async with at_the_queue(counter, NARROW) as seat:
        await at_the_person(seat)
        await seat.press("w")
        assert "The whole record" not in seat.text


async def test_language_and_needs_are_told_in_one_form(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_the_person(seat)
        await seat.press("d")
        await seat.see("Details: Lindqvist, Mara")
        await seat.type("Mara\rshe\rSwedish\rlarge print")
        await seat.press("f2")
        await seat.see("(Mara)")
    assert counter.ledger.details(MARA.id).accessibility == "large print"
