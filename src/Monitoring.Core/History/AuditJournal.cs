using System.Text.Json;
using System.Text.Json.Serialization;
using Monitoring.Telemetry;

namespace Monitoring.History;

/// <summary>Keeps an audit log in the journal, entry by entry, and takes up what an earlier process has left there.</summary>
internal sealed class AuditJournal
{
    private const string Kind = "audit";

    private readonly AuditLog _log;
    private readonly StateJournal _journal;
    private readonly InternalErrors _errors;

    public AuditJournal(AuditLog log, StateJournal journal, InternalErrors errors)
    {
        _log = log;
        _journal = journal;
        _errors = errors;
        log.KeepBy((added, dropped) =>
        {
            journal.Put(Kind, added.Id, () => JsonSerializer.Serialize(added, AuditJson.Default.AuditEntry));
            if (dropped is not null)
            {
                journal.Delete(Kind, dropped.Id);
            }
        });
    }

    public async ValueTask RestoreAsync(CancellationToken cancellationToken)
    {
        var documents = await _journal.ReadAsync(Kind, cancellationToken).ConfigureAwait(false);
        foreach (var dropped in _log.Restore(documents.Select(Read).OfType<AuditEntry>()))
        {
            _journal.Delete(Kind, dropped.Id);
        }
    }

    private AuditEntry? Read(StateDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize(document.Value ?? "null", AuditJson.Default.AuditEntry);
        }
        catch (JsonException exception)
        {
            _errors.Report("audit.restore", exception);
            return null;
        }
    }
}

/// <summary>How audit entries are written into the state that outlives the process.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext;
