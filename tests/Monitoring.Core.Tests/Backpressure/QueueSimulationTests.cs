using Monitoring.Simulation;

namespace Monitoring.Core.Tests.Backpressure;

/// <summary>The simulation against the theory, before anything is concluded from it.</summary>
public sealed class QueueSimulationTests
{
    [Theory]
    [InlineData(1, 0.5, 0.5)]
    [InlineData(2, 1.5, 0.642857)]
    [InlineData(8, 6.4, 0.457645)]
    public void Erlang_c_gives_the_values_of_the_books(int workers, double offeredLoad, double probability)
    {
        // For one worker it is the load itself; for two, 2ρ²/(1+ρ).
        ErlangC.WaitProbability(workers, offeredLoad).Should().BeApproximately(probability, 1e-4);
    }

    [Theory]
    [InlineData(1, 0.7)]
    [InlineData(4, 0.8)]
    [InlineData(8, 0.8)]
    [InlineData(8, 0.85)]
    public void Its_mean_wait_is_that_of_an_m_m_c_queue(int workers, double load)
    {
        const double Processing = 0.01;
        var simulation = new QueueSimulation(seed: 7, workers, Processing, capacity: 1_000_000);
        simulation.SetArrivals(load * workers / Processing);
        simulation.Run(TimeSpan.FromMinutes(20), static _ => true);

        // The mean of correlated waits scatters: by under 2 % with this many tasks.
        var theory = ErlangC.MeanWait(workers, load * workers / Processing, Processing);
        (simulation.Waits.Seconds / simulation.Waits.Count).Should().BeApproximately(theory, 0.05 * theory);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        Wait(1).Should().Be(Wait(1)).And.NotBe(Wait(2));

        static double Wait(ulong seed)
        {
            var simulation = new QueueSimulation(seed, workers: 2, meanProcessingSeconds: 0.1, capacity: 100);
            simulation.SetArrivals(perSecond: 5, meanSeconds: 3, otherPerSecond: 30, otherMeanSeconds: 2);
            simulation.Run(TimeSpan.FromMinutes(5), static _ => true);
            return simulation.Waits.Seconds;
        }
    }
}
