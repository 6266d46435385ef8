package dev.flinkvideo.jobs.lab;

import java.util.List;

/**
 * What an experiment found.
 *
 * @param notes paragraphs and tables in Markdown that explain the checks
 */
public record Outcome(List<Check> checks, String notes, SvgChart chart) {}
