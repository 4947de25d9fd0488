package dev.mixwell.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class ChartTest {
  private static final double[] STEPS = {0, 50, 100};

  private static Series series(String name, double... y) {
    return new Series(name, STEPS, y);
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static String points(Document svg, String tag, int index) {
    return ((Element) svg.getElementsByTagName(tag).item(index)).getAttribute("points").trim();
  }

  private static List<String> texts(Document svg) {
    NodeList texts = svg.getElementsByTagName("text");
    return IntStream.range(0, texts.getLength())
        .mapToObj(i -> texts.item(i).getTextContent())
        .toList();
  }

  @Test
  void linesReachFromTheSmallestValueToTheLargest() throws Exception {
    var svg =
        parsed(Chart.lines("loss", List.of(series("a", 2, 3, 4), series("b", 3, 3, 3))).svg());
    assertEquals("60.0,315.0 325.0,177.5 590.0,40.0", points(svg, "polyline", 0));
    assertEquals("60.0,177.5 325.0,177.5 590.0,177.5", points(svg, "polyline", 1));
    assertTrue(texts(svg).containsAll(List.of("loss", "a", "b", "2.0", "2.5", "4.0", "0", "100")));
  }

  @Test
  void areasLieOnEachOther() throws Exception {
    var shares = List.of(series("a", 0.25, 0.5, 1), series("b", 0.75, 0.5, 0));
    var svg = parsed(Chart.areas("shares", shares).svg());
    assertEquals(
        "590.0,315.0 325.0,315.0 60.0,315.0 60.0,246.3 325.0,177.5 590.0,40.0",
        points(svg, "polygon", 0));
    assertEquals(
        "590.0,40.0 325.0,177.5 60.0,246.3 60.0,40.0 325.0,40.0 590.0,40.0",
        points(svg, "polygon", 1));
  }

  @Test
  void namesAreTextWhateverTheyHold() throws Exception {
    String name = "<&'\">";
    var svg = parsed(Chart.lines(name, List.of(series(name, 1, 2, 3))).mark(50, name).svg());
    assertEquals(3, texts(svg).stream().filter(name::equals).count());
  }

  @Test
  void manySeriesLookDifferentFromEachOther() throws Exception {
    var many = IntStream.range(0, 20).mapToObj(i -> series("s" + i, i, i, i + 1)).toList();
    NodeList lines = parsed(Chart.lines("many", many).svg()).getElementsByTagName("polyline");
    long looks =
        IntStream.range(0, 20)
            .mapToObj(i -> ((Element) lines.item(i)).getAttribute("class"))
            .distinct()
            .count();
    assertEquals(20, looks);
  }

  @Test
  void aConstantAndASinglePointAreDrawn() throws Exception {
    var one = new Series("one", new double[] {7}, new double[] {3});
    var svg = parsed(Chart.lines("constant", List.of(one)).svg());
    assertEquals("325.0,177.5", points(svg, "polyline", 0));
  }

  @Test
  void anAxisCanBeginBelowTheValues() throws Exception {
    var svg = parsed(Chart.lines("share", List.of(series("a", 0.5, 0.5, 1)), 0).svg());
    assertEquals("60.0,177.5 325.0,177.5 590.0,40.0", points(svg, "polyline", 0));
  }

  @Test
  void seriesWithoutPointsOrWithTooManyAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Series("a", STEPS, new double[] {1, 2}));
    assertThrows(
        IllegalArgumentException.class, () -> new Series("a", new double[0], new double[0]));
  }
}
