-- Guarantees that every word which a seed gives a meaning to is counted, known or not.
with

{{ imports({
    'consents': 'stg_people__consents',
    'campaigns': 'stg_activity__campaigns',
    'identifiers': 'stg_people__contact_identifiers',
    'identifier_types': 'identifier_types',
    'assignments': 'stg_activity__experiment_assignments',
    'objection_tags': 'base_people__objection_tags',
}) }}

-- Where the first and the last of the spellings are one, all assignments spell the name alike.
experiment_words as (

    select
        source_system,
        experiment_name,
        min(experiment_name) over (partition by lower(experiment_name))
        = max(experiment_name) over (partition by lower(experiment_name)) as is_spelt_alike,
        count(*) as assignment_count

    from assignments

    group by source_system, experiment_name

),

-- A name is judged once, and not for every contact and day.
event_words as (

    select
        source_system,
        event_name,
        is_known_event_name,
        sum(event_count) as event_count

    from {{ ref('crm_segmentation', 'int_activity__daily') }}

    group by source_system, event_name, is_known_event_name

),

words as (
    {%- for check_name, raw_table, relation, source_system, word, is_known, row_count in [
        ('event_names', 'raw_events', 'event_words', 'source_system', 'event_name', 'is_known_event_name', 'event_count'),
        (
            'objection_names', 'raw_events', 'event_words', 'source_system', 'event_name',
            'is_known_event_name or not ' ~ reads_as_no('event_name'), 'event_count',
        ),
        ('objection_tags', 'raw_contact_tags', 'objection_tags', 'source_system', 'tag', 'is_known', 'row_count'),
        ('channels', 'raw_consents', 'consents', 'source_system', 'lower(raw_channel)', 'known_channel is not null', 1),
        (
            'consent_statuses', 'raw_consents', 'consents', 'source_system', 'lower(raw_consent_status)',
            'known_status is not null', 1,
        ),
        ('channels', 'raw_campaigns', 'campaigns', "''", 'lower(raw_channel)', 'known_channel is not null', 1),
        (
            'experiment_names', 'raw_experiment_assignments', 'experiment_words', 'source_system', 'experiment_name',
            is_one_spelling('experiment_name', 'is_spelt_alike'), 'assignment_count',
        ),
    ] %}

    select
        '{{ check_name }}' as check_name,
        '{{ raw_table }}' as raw_table,
        {{ source_system }} as source_system,
        {{ word }} as word,
        {{ is_known }} as is_known,
        {{ row_count }} as row_count

    from {{ relation }}

    where {{ word }} is not null

    union all
    {%- endfor %}

    select
        'identifier_types' as check_name,
        'raw_contact_identifiers' as raw_table,
        identifiers.source_system,
        identifiers.identifier_type as word,
        identifier_types.identifier_type is not null as is_known,
        1 as row_count

    from identifiers

    left join identifier_types on identifiers.identifier_type = identifier_types.identifier_type

),

word_counts as (

    select
        check_name,
        raw_table,
        source_system,
        '' as subject,
        word,
        cast(sum(row_count) as bigint) as row_count,
        cast(sum(case when is_known then 0 else row_count end) as bigint) as failing_count

    from words

    group by check_name, raw_table, source_system, word

)

select * from word_counts
