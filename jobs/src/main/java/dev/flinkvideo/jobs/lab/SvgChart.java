package dev.flinkvideo.jobs.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A line chart as SVG. Our own, because chart libraries draw through AWT, which fails on the
 * servers that this runs on where no fonts are installed, and write SVG by way of LGPL code. One
 * thread.
 */
public final class SvgChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 360;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 50;
  private static final int BOTTOM = 50;
  private static final int TICKS = 6;
  private static final List<String> COLOURS = List.of("#1f6fb4", "#d2691e", "#3a8f3a", "#8a4fa3");

  private record Line(String name, List<double[]> points) {}

  private record Mark(String name, double x) {}

  private final String title;
  private final String xAxis;
  private final String yAxis;
  private final List<Line> lines = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private double xMax = 1;
  private double yMax = 1;

  public SvgChart(String title, String xAxis, String yAxis) {
    this.title = title;
    this.xAxis = xAxis;
    this.yAxis = yAxis;
  }

  /**
   * @param points x and y, neither negative, in the order of x
   */
  public SvgChart line(String name, List<double[]> points) {
    lines.add(new Line(name, points));
    for (double[] point : points) {
      xMax = Math.max(xMax, point[0]);
      yMax = Math.max(yMax, point[1]);
    }
    return this;
  }

  /** An upright line where something happened. */
  public SvgChart mark(String name, double x) {
    marks.add(new Mark(name, x));
    xMax = Math.max(xMax, x);
    return this;
  }

  public String title() {
    return title;
  }

  public String svg() {
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>",
        WIDTH,
        HEIGHT);
    add(svg, "<rect width='%d' height='%d' fill='white'/>", WIDTH, HEIGHT);
    add(svg, "<text x='%d' y='20' font-size='15'>%s</text>", LEFT, escaped(title));
    axes(svg);
    marks.forEach(mark -> mark(svg, mark));
    for (int i = 0; i < lines.size(); i++) {
      line(svg, lines.get(i), i);
    }
    return svg.append("</svg>\n").toString();
  }

  private void axes(StringBuilder svg) {
    double yStep = step(yMax);
    for (double y = 0; y <= yMax; y += yStep) {
      add(
          svg,
          "<path d='M%d %.1fH%d' stroke='#ddd'/><text x='%d' y='%.1f' text-anchor='end'>%s</text>",
          LEFT,
          yAt(y),
          WIDTH - RIGHT,
          LEFT - 8,
          yAt(y) + 4,
          LabReport.number(y));
    }
    double xStep = step(xMax);
    for (double x = 0; x <= xMax; x += xStep) {
      add(
          svg,
          "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>",
          xAt(x),
          HEIGHT - BOTTOM + 18,
          LabReport.number(x));
    }
    add(
        svg,
        "<path d='M%d %dV%dH%d' fill='none' stroke='black'/>",
        LEFT,
        TOP,
        HEIGHT - BOTTOM,
        WIDTH - RIGHT);
    add(
        svg,
        "<text x='%d' y='%d' text-anchor='middle'>%s</text>",
        (LEFT + WIDTH - RIGHT) / 2,
        HEIGHT - 12,
        escaped(xAxis));
    add(
        svg,
        "<text transform='translate(16 %d) rotate(-90)' text-anchor='middle'>%s</text>",
        (TOP + HEIGHT - BOTTOM) / 2,
        escaped(yAxis));
  }

  private void mark(StringBuilder svg, Mark mark) {
    add(
        svg,
        "<path d='M%.1f %dV%d' stroke='#c00' stroke-dasharray='4 3'/><text x='%.1f' y='%d' fill='#c00'>%s</text>",
        xAt(mark.x),
        TOP,
        HEIGHT - BOTTOM,
        xAt(mark.x) + 4,
        TOP + 12,
        escaped(mark.name));
  }

  private void line(StringBuilder svg, Line line, int index) {
    String colour = COLOURS.get(index % COLOURS.size());
    StringBuilder points = new StringBuilder();
    for (double[] point : line.points) {
      add(points, "%.1f,%.1f ", xAt(point[0]), yAt(point[1]));
    }
    add(
        svg,
        "<polyline points='%s' fill='none' stroke='%s' stroke-width='1.5'/>",
        points.toString().strip(),
        colour);
    add(
        svg,
        "<text x='%d' y='40' fill='%s'>%s</text>",
        LEFT + index * 200,
        colour,
        escaped(line.name));
  }

  private double xAt(double x) {
    return LEFT + x / xMax * (WIDTH - LEFT - RIGHT);
  }

  private double yAt(double y) {
    return HEIGHT - BOTTOM - y / yMax * (HEIGHT - TOP - BOTTOM);
  }

  /** 1, 2 or 5 times a power of ten, so that there are about as many ticks as wanted. */
  private static double step(double max) {
    double rough = max / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double digit = rough / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
