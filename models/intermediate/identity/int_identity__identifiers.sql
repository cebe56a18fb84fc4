{%- set keys_of_records = {'email': 'email_key', 'phone': 'phone_line_key', 'phone_and_birth_date': 'phone_and_birth_date_key'} -%}

with

records as (

    select * from {{ ref('crm_segmentation', 'int_identity__records') }}

),

other_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__other_identifiers') }}

),

logins as (

    select * from {{ ref('crm_segmentation', 'int_identity__logins') }}

),

linking_types as (

    select
        *,
        {{ guard_round('conflicts_on') }} as guard_round

    from {{ ref('crm_segmentation', 'identifier_types') }}

    where is_linking

),

blocked_keys as (

    select * from {{ ref('crm_segmentation', 'int_identity__blocked_keys') }}

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
        records.record_number,
        identifiers.record_id,
        identifiers.identifier_type,
        identifiers.identifier_key,
        linking_types.max_records,
        linking_types.conflicts_on,
        linking_types.guard_round,
        linking_types.strength,
        count(*) over (partition by identifiers.identifier_type, identifiers.identifier_key) as record_count

    from identifiers

    inner join linking_types on identifiers.identifier_type = linking_types.identifier_type

    inner join records on identifiers.record_id = records.record_id

),

judged as (

    select
        counted.record_number,
        counted.record_id,
        counted.identifier_type,
        counted.identifier_key,
        counted.conflicts_on,
        counted.guard_round,
        counted.strength,
        counted.record_count,
        coalesce(
            blocked_keys.reason,
            commonly_blocked_keys.reason,
            case when counted.record_count > counted.max_records then 'too_many_records' end
        ) as blocked_reason

    from counted

    left join blocked_keys
        on
            counted.identifier_type = blocked_keys.identifier_type
            and counted.identifier_key = blocked_keys.identifier_key

    left join blocked_keys as commonly_blocked_keys
        on commonly_blocked_keys.identifier_type = '*' and counted.identifier_key = commonly_blocked_keys.identifier_key

)

select * from judged
