namespace Monitoring.Services;

/// <summary>How a service fares.</summary>
public enum ServiceStatus
{
    /// <summary>It has not been asked yet, or the answer says nothing.</summary>
    Unknown,

    /// <summary>It answers as it should.</summary>
    Healthy,

    /// <summary>It answers, but slowly or not always.</summary>
    Warning,

    /// <summary>It does not answer, or says that it cannot work.</summary>
    Critical,
}
