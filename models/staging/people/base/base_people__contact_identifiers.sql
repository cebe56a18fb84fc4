with

raw_rows as (

    {{ raw_rows('raw_contact_identifiers') }}

),

judged as (

    select
        *,
        seen_at as version_at,
        {{ first_reason(
            missing_reasons(['source_system', 'source_contact_id', 'identifier_type', 'identifier_value'])
        ) }} as rejection_reason

    from raw_rows

),

ranked as (

    {{ with_row_status('judged', key=[
        'source_system',
        'source_contact_id',
        'lower(identifier_type)',
        folded_identifier('identifier_value'),
    ]) }}

)

select * from ranked
