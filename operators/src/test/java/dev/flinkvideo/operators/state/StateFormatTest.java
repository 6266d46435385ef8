package dev.flinkvideo.operators.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StateFormatTest {
  private static final StateFormat FORMAT = new StateFormat("door state", 2);

  @Test
  void shouldReadWhatItWrote() {
    byte[] bytes = FORMAT.write(8, out -> out.writeInt(42));
    assertThat(bytes).startsWith(2).hasSize(5);
    assertThat(FORMAT.<Integer>read(bytes, (in, version) -> in.readInt() + version)).isEqualTo(44);
  }

  @Test
  void shouldReadWhatAnOlderVersionWrote() {
    byte[] older = new StateFormat("door state", 1).write(8, out -> out.writeInt(42));
    assertThat(FORMAT.<Integer>read(older, (in, version) -> in.readInt() + version)).isEqualTo(43);
  }

  @Test
  void shouldNameWhatItKnowsAndTheRemedyWhenAnotherVersionWroteIt() {
    byte[] newer = new StateFormat("door state", 3).write(8, out -> out.writeInt(42));
    assertThatThrownBy(() -> FORMAT.read(newer, (in, version) -> in.readInt()))
        .isInstanceOf(UnreadableStateException.class)
        .hasMessage(
            "door state has version=3, this job knows 1 to 2: restore it with the job that wrote it, or start from a"
                + " savepoint of this one");
  }

  @Test
  void shouldSayWhereItIsDamagedAndHow() {
    byte[] whole = FORMAT.write(8, out -> out.writeUTF("a"));
    assertThatThrownBy(() -> FORMAT.read(whole, (in, version) -> in.readLong()))
        .hasMessage(
            "door state is damaged, it ends at byte 4 of 4: restore from an older checkpoint or savepoint");
    assertThatThrownBy(() -> FORMAT.read(whole, (in, version) -> in.readByte()))
        .hasMessageContaining("is damaged, more follows it at byte 2 of 4:");
    assertThatThrownBy(() -> FORMAT.read(whole, (in, version) -> new byte[in.readByte() - 1]))
        .hasMessageContaining("is damaged, -1 at byte 2 of 4:")
        .hasCauseInstanceOf(NegativeArraySizeException.class);
  }

  @Test
  void shouldTakeNoMemoryForALengthThatLies() {
    byte[] lie = {0x7f, 0x7f, 0x7f, 0x7f, 1};
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(lie));
    assertThatThrownBy(() -> StateFormat.readBytes(in))
        .isInstanceOf(IOException.class)
        .hasMessage("2139062143 bytes claimed where 1 are left");
  }
}
