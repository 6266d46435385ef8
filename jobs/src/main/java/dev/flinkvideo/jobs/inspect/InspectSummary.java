package dev.flinkvideo.jobs.inspect;

/**
 * What a whole file came to.
 *
 * @param frames pictures that came out
 * @param damaged pictures of which the decoder had to conceal a part
 * @param refusedUnits access units the decoder refused altogether
 * @param sha1 over the visible planes of all frames, tightly packed, in the native pixel format
 * @param heapBytesPerFrame heap allocated by decoding and judging, per frame after the first
 * @param poolPeakBytes most of the frame pool that was leased at once
 * @param poolOutstanding frames and leases not given back at the end
 */
public record InspectSummary(
    long frames,
    long damaged,
    long refusedUnits,
    String sha1,
    double decodeCpuMsPerFrame,
    double analyzeCpuMsPerFrame,
    long heapBytesPerFrame,
    long poolPeakBytes,
    long poolOutstanding) {}
