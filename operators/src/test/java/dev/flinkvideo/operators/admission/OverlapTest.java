package dev.flinkvideo.operators.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.operators.admission.Overlap.End;
import dev.flinkvideo.protocol.EncodedUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Access units are letters here: equal letters have equal hashes, capital ones are key frames. */
class OverlapTest {
  private static final long STEP_US = 40_000;
  private static final long WITHIN_US = 10_000_000;
  private static final long NO_SLACK = 0;
  private static final long UNSTAMPED = -1;

  @Test
  void shouldKnowWhatWasShownAndWhatIsNew() {
    assertThat(find("Kabc Ldef", "Ld")).isEqualTo("Ld OPEN");
    assertThat(find("Kabc Ldef", "Ldef")).isEqualTo("Ldef OPEN");
    assertThat(find("Kabc Ldef", "Ldefg")).isEqualTo("Ldef COMPLETE");
    assertThat(find("Kabc Ldef", "Kabc Ldefgh")).isEqualTo("KabcLdef COMPLETE");
  }

  @Test
  void shouldFindNothingInAnotherEncode() {
    assertThat(find("Kabc Ldef", "Mdef")).isEqualTo(" PARTED");
  }

  @Test
  void shouldNotTakeAHashThatIsMissingForEqual() {
    assertThat(find("0000", "0000")).isEqualTo(" PARTED");
    assertThat(find("K0", "K0b")).isEqualTo("K- PARTED");
  }

  @Test
  void shouldMatchRunsWhereThePictureDoesNotMove() {
    assertThat(find("Kaaa Kaaaa", "Kaaaaa")).isEqualTo("Kaaaa COMPLETE");
    assertThat(find("Kaaaaa Kaa", "Kaaa")).isEqualTo("Kaa COMPLETE");
    assertThat(find("Kaab Kaa", "Kaab")).isEqualTo("Kaa COMPLETE");
  }

  @Test
  void shouldChooseTheKeyFrameThatArrivedAtTheSameTime() {
    List<RecentUnit> before = units("Kaaa Kaaa Kaaa", 0);
    for (int group = 0; group < 3; group++) {
      long arrivalUs = group * 4 * STEP_US + STEP_US;
      Overlap overlap = Overlap.find(before, units("Kaaa", arrivalUs), WITHIN_US, NO_SLACK);
      assertThat(overlap.shown().get(0).pts()).isEqualTo(group * 4);
    }
  }

  @Test
  void shouldNotTakeAPictureOfAnHourAgoForTheSame() {
    List<RecentUnit> now = units("Kabc", 3_600_000_000L);
    assertThat(Overlap.find(units("Kabc", 0), now, WITHIN_US, NO_SLACK).shown()).isEmpty();
  }

  @Test
  void shouldGoOnWhereTheOldConnectionEndedInTheMiddleOfAGroup() {
    assertThat(find("Kab", "Kabcd")).isEqualTo("Kab COMPLETE");
  }

  /** They come too late to be shown: what follows was shown already. */
  @Test
  void shouldNotShowWhatTheOldConnectionLostBetweenPicturesItShowed() {
    assertThat(find("Kab Ldef", "Kabc")).isEqualTo("Kab- OPEN");
    assertThat(find("Kab Ldef", "Kabcx Ldefg")).isEqualTo("Kab--Ldef COMPLETE");
  }

  /** By the time stamps of the last that was alike. */
  @Test
  void shouldNotShowWhatDiffersButStandsNoLaterThanWhatWasShown() {
    assertThat(find("Kabc", "Kxy")).isEqualTo("K-- OPEN");
    assertThat(find("Kabc", "Kxyz d")).isEqualTo("K--- PARTED");
    assertThat(find("Kab Ldef", "Kabcx Mde")).isEqualTo("Kab---- PARTED");
  }

  /** It was an hour on air; behind the first picture, it begins at nought. */
  @Test
  void shouldShowWhatASourceSendsThatBeginsToCountAnew() {
    List<RecentUnit> before = stamped("Kabc", 90_000, 90_001, 90_002, 90_003);
    List<RecentUnit> now = stamped("KxyMno", 90_000, 0, 1, 2, 3, 4);
    for (int come = 2; come <= now.size(); come++) {
      Overlap overlap = Overlap.find(before, now.subList(0, come), WITHIN_US, NO_SLACK);
      assertThat(overlap.shown()).hasSize(1);
      assertThat(overlap.end()).isEqualTo(End.PARTED);
    }
  }

  @Test
  void shouldKnowWhatWasShownThoughNothingHasATimeStamp() {
    long none = EncodedUnit.NO_TIME;
    List<RecentUnit> before = stamped("Kabc", none, none, none, none);
    Overlap overlap = Overlap.find(before, stamped("Kax", none, none, none), WITHIN_US, NO_SLACK);
    assertThat(overlap.shown()).hasSize(2);
    assertThat(overlap.end()).isEqualTo(End.PARTED);
  }

  /** What a ring reaches back to may be forgotten here. */
  @Test
  void shouldCompareFromWhereWhatIsRememberedBegins() {
    assertThat(find("Ldef", 4, "Kabc", 1)).isEqualTo("---- OPEN");
    assertThat(find("Ldef", 4, "Kabc Ld", 1)).isEqualTo("----Ld OPEN");
    assertThat(find("Ldef", 4, "Kabc Ldefg", 1)).isEqualTo("----Ldef COMPLETE");
  }

  @Test
  void shouldNotShowOfAnotherEncodeWhatArrivedNoLaterThanWhatWasShown() {
    assertThat(find("Kabc Ldef", 0, "Mnop", 2)).isEqualTo("---- OPEN");
    assertThat(find("Kabc Ldef", 0, "Mnop Qrst", 2)).isEqualTo("------ PARTED");
    assertThat(find("Kabc Ldef", 0, "Mnop", 8)).isEqualTo(" PARTED");
    assertThat(find("Kabc Ldef", 1_000, "Mnop", 2)).as("another clock").isEqualTo(" PARTED");
  }

  @Test
  void shouldSkipWhatTheNewConnectionLost() {
    assertThat(find("Kabcd", "Kacde")).isEqualTo("Kacd COMPLETE");
    assertThat(find("Kabc Ldef", "Kac Lfg")).isEqualTo("KacLf COMPLETE");
  }

  /** Random encodes of pictures that hardly move, cut anywhere: nothing is lost or doubled. */
  @Test
  void shouldLoseNothingAndDoubleNothingWhereverAConnectionEnds() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      String encode = encode(random);
      int cut = 1 + random.nextInt(encode.length());
      int begin = newestKey(encode, Math.max(0, cut - random.nextInt(3)));
      List<RecentUnit> old = units(encode.substring(0, cut), 0);
      List<RecentUnit> next =
          units(encode.substring(begin), begin * STEP_US + random.nextInt(80_000));
      int shown = 0;
      for (int come = 1; come <= next.size(); come++) {
        Overlap overlap = Overlap.find(old, next.subList(0, come), WITHIN_US, NO_SLACK);
        shown = overlap.shown().size();
        if (overlap.end() != End.OPEN) {
          break;
        }
      }
      assertThat(begin + shown).as("seed %d: %s cut at %d", seed, encode, cut).isEqualTo(cut);
    }
  }

  /**
   * Two encodes, each on its way for as long as it pleases, from connections that may have ended
   * long before.
   */
  @Test
  void shouldNeverShowAPictureTwiceIfNoWayTakesLongerThanTheOtherByMoreThanTheSlack() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      long slackUs = random.nextInt(500_000);
      long oldUs = random.nextInt(500_000);
      long newUs = Math.max(0, oldUs - 500_000 + random.nextLong(500_000 + slackUs));
      int last = random.nextInt(50);
      int first = random.nextInt(100);
      List<RecentUnit> before = pictures('k', 0, last + 1, oldUs);
      List<RecentUnit> now = pictures('m', first, 200, newUs);
      Overlap overlap = Overlap.find(before, now, WITHIN_US, slackUs);
      int next = first + overlap.shown().size();
      long missingUs = (next - Math.max(first, last + 1)) * STEP_US;
      assertThat(next).as("seed %d", seed).isGreaterThan(last);
      assertThat(missingUs).as("seed %d", seed).isLessThanOrEqualTo(slackUs + oldUs - newUs);
    }
  }

  /** A gateway that stood still gives what came meanwhile all at once. */
  @Test
  void shouldShowOfAnotherEncodeWhatCameLaterInABurst() {
    List<RecentUnit> before = standingStill(pictures('k', 0, 60, 0), 40, 100);
    List<RecentUnit> now = standingStill(pictures('m', 30, 160, 0), 40, 100);
    Overlap overlap = Overlap.find(before, now, WITHIN_US, 7 * STEP_US);
    assertThat(30 + overlap.shown().size()).isEqualTo(67);
    assertThat(overlap.end()).isEqualTo(End.PARTED);
  }

  @Test
  void shouldTellByWhenTheyWereTakenWhatWasShownOfAnotherEncode() {
    List<RecentUnit> before = taken(pictures('k', 0, 20, 0), 0, 20);
    long behindUs = 900_000;
    List<RecentUnit> now = taken(pictures('m', 10, 60, behindUs), behindUs, 60);
    assertThat(Overlap.find(before, now, WITHIN_US, NO_SLACK).shown()).hasSize(10);
    assertThat(Overlap.find(now, before, WITHIN_US, 5_000_000).shown()).hasSize(20);
  }

  /** A sender report comes after the first pictures. */
  @Test
  void shouldTellByArrivalWhereOneDoesNotSayWhenItWasTaken() {
    List<RecentUnit> before = taken(pictures('k', 0, 20, 0), 0, 20);
    List<RecentUnit> now = pictures('m', 10, 60, 0);
    assertThat(Overlap.find(before, now, WITHIN_US, 80_000).shown()).hasSize(12);
    assertThat(Overlap.find(now, before, WITHIN_US, NO_SLACK).shown()).hasSize(20);
  }

  @Test
  void shouldNotLeaveOutAnythingOfOneEncodeForSlack() {
    List<RecentUnit> before = units("Kabc Lde", 0);
    List<RecentUnit> now = units("Ldefgh", 4 * STEP_US);
    Overlap overlap = Overlap.find(before, now, WITHIN_US, 5_000_000);
    assertThat(overlap.shown()).hasSize(3);
    assertThat(overlap.end()).isEqualTo(End.COMPLETE);
  }

  private static String encode(Random random) {
    StringBuilder encode = new StringBuilder();
    for (int group = 2 + random.nextInt(3); group > 0; group--) {
      encode.append(random.nextBoolean() ? 'K' : 'L');
      for (int i = 5 + random.nextInt(10); i > 0; i--) {
        encode.append(random.nextInt(10) == 0 ? 'b' : 'a');
      }
    }
    return encode.toString();
  }

  private static int newestKey(String encode, int before) {
    int key = 0;
    for (int i = 0; i < before; i++) {
      key = Character.isUpperCase(encode.charAt(i)) ? i : key;
    }
    return key;
  }

  /** The letters of what was shown before, a dash for each that was lost, and how it ends. */
  private static String find(String before, String now) {
    return text(before, units(before, 0), units(now, UNSTAMPED));
  }

  /** With how many pictures after the first that could be each of them began to arrive. */
  private static String find(String before, int beforeAt, String now, int nowAt) {
    return text(before, units(before, beforeAt * STEP_US), units(now, nowAt * STEP_US));
  }

  private static String text(String before, List<RecentUnit> old, List<RecentUnit> next) {
    Overlap overlap = Overlap.find(old, next, WITHIN_US, NO_SLACK);
    StringBuilder text = new StringBuilder();
    for (Shown shown : overlap.shown()) {
      text.append(shown.hasTime() ? before.replace(" ", "").charAt((int) shown.pts()) : '-');
    }
    return text + " " + overlap.end();
  }

  /** That say not when they arrived. */
  private static List<RecentUnit> stamped(String letters, long... pts) {
    List<RecentUnit> units = new ArrayList<>();
    for (RecentUnit unit : units(letters, UNSTAMPED)) {
      Shown shown = new Shown(pts[units.size()], 1, 25);
      units.add(new RecentUnit(unit.contentHash(), unit.key(), shown, unit.arrivalUs(), 0));
    }
    return units;
  }

  /** Of one encode from one picture to another, so long on their way, in groups of ten. */
  private static List<RecentUnit> pictures(char encode, int from, int to, long underWayUs) {
    List<RecentUnit> units = new ArrayList<>();
    for (int i = from; i < to; i++) {
      long arrivalUs = 1_000_000 + i * STEP_US + underWayUs;
      units.add(new RecentUnit(encode * 1_000 + i, i % 10 == 0, new Shown(i, 1, 25), arrivalUs, 0));
    }
    return units;
  }

  /** They come at once when the last of them should have, in segments of three. */
  private static List<RecentUnit> standingStill(List<RecentUnit> units, int from, int until) {
    return units.stream()
        .map(
            unit -> {
              long pts = unit.shown().pts();
              if (pts < from || pts > until) {
                return unit;
              }
              long segmentUs = 1_000_000 + until * STEP_US - (until - pts) / 3;
              long arrivalUs = segmentUs + pts % 3 * STEP_US;
              return new RecentUnit(
                  unit.contentHash(), unit.key(), unit.shown(), arrivalUs, 0, segmentUs);
            })
        .toList();
  }

  /** They say so, up to the one with that number. */
  private static List<RecentUnit> taken(List<RecentUnit> units, long underWayUs, int to) {
    return units.stream()
        .map(
            unit ->
                new RecentUnit(
                    unit.contentHash(),
                    unit.key(),
                    unit.shown(),
                    unit.arrivalUs(),
                    unit.shown().pts() < to ? unit.arrivalUs() - underWayUs : 0))
        .toList();
  }

  private static List<RecentUnit> units(String letters, long arrivalUs) {
    List<RecentUnit> units = new ArrayList<>();
    for (char letter : letters.replace(" ", "").toCharArray()) {
      long hash = letter == '0' ? 0 : Character.toLowerCase(letter);
      Shown shown = new Shown(units.size(), 1, 25);
      boolean key = Character.isUpperCase(letter);
      long stampUs = 1_000_000 + arrivalUs + units.size() * STEP_US;
      units.add(new RecentUnit(hash, key, shown, arrivalUs == UNSTAMPED ? 0 : stampUs, 0));
    }
    return units;
  }
}
