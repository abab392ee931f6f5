package dev.ganymede.gateway;

/** Outcome of {@link AllocationRepository#allocate} and {@link AllocationRepository#allocateAgain}. */
public sealed interface AllocateResult {

    /**
     * A gateway was taken from the pool and the tenancy begins.
     *
     * @param queued the organization had lost its gateway: its names still stand, and are moved
     */
    record Taken(Allocation allocation, boolean queued) implements AllocateResult {}

    /** The organization has a live allocation, which is joined. */
    record Joined(Allocation allocation) implements AllocateResult {}

    /** No gateway is ready. */
    record NoneReady() implements AllocateResult {}

    /** There is no such organization. */
    record UnknownOrganization() implements AllocateResult {}

    /** It does not wait any more: it was served meanwhile, or is not to be. */
    record NotQueued() implements AllocateResult {}
}
