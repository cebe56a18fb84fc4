{%- set keys_of_records = {'email': 'email_key', 'phone': 'phone_line_key', 'phone_and_birth_date': 'phone_and_birth_date_key'} %}

-- Guarantees each value of a linking type once for every record that shows it; one that stands for nobody or joins too many says so.
with

{{ imports({
    'records': 'int_identity__records',
    'other_identifiers': 'int_identity__other_identifiers',
    'logins': 'int_identity__logins',
    'blocked_keys': 'int_identity__blocked_keys',
}) }}

linking_types as (

    select
        *,
        {{ guard_round('conflicts_on') }} as guard_round
    from {{ ref('crm_segmentation', 'identifier_types') }}
    where is_linking

),

identifiers as (
    {%- for identifier_type, key in keys_of_records.items() %}

    select
        record_id,
        '{{ identifier_type }}' as identifier_type,
        {{ key }} as identifier_key

    from records

    where {{ key }} is not null

    union distinct
    {%- endfor %}

    select
        record_id,
        identifier_type,
        identifier_key

    from other_identifiers

    where identifier_key is not null

    union distinct

    select
        record_id,
        'anonymous_id' as identifier_type,
        {{ identifier_key('anonymous_id') }} as identifier_key

    from logins

),

counted as (

    select
        identifiers.*,
        records.record_number,
        linking_types.max_records,
        linking_types.conflicts_on,
        linking_types.guard_round,
        linking_types.strength,
        count(*) over (partition by identifiers.identifier_type, identifiers.identifier_key) as record_count

    from identifiers

    inner join linking_types on identifiers.identifier_type = linking_types.identifier_type

    inner join records on identifiers.record_id = records.record_id

),

with_blocked_reasons as (

    select
        {%- for column in [
            'record_number', 'record_id', 'identifier_type', 'identifier_key', 'conflicts_on', 'guard_round', 'strength', 'record_count',
        ] %}
        counted.{{ column }},
        {%- endfor %}
        coalesce(
            blocked_keys.reason, commonly_blocked_keys.reason,
            case when counted.record_count > counted.max_records then 'too_many_records' end
        ) as blocked_reason

    from counted

    left join blocked_keys
        on counted.identifier_type = blocked_keys.identifier_type and counted.identifier_key = blocked_keys.identifier_key

    left join blocked_keys as commonly_blocked_keys
        on commonly_blocked_keys.identifier_type = '*' and counted.identifier_key = commonly_blocked_keys.identifier_key

)

select * from with_blocked_reasons
