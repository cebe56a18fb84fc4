with

raw_rows as (

    {{ raw_rows('raw_contact_attributes') }}

),

judged as (

    select
        *,
        observed_at as version_at,
        {{ first_reason(
            missing_reasons(['provider', 'party', 'attribute_name', 'attribute_value'])
            + unreadable_reasons(['observed_at'])
            + impossible_time_reasons(['observed_at'])
            + [("lower(party) not in ('second', 'third')", 'party_unknown')]
            + [('email is null and ' ~ sha256_digits('email_sha256') ~ ' is null and (source_system is null or ' ~ known_key('source_contact_id') ~ ' is null)', 'contact_missing')]
        ) }} as rejection_reason

    from raw_rows

),

ranked as (

    {{ with_row_status('judged', key=[
        'provider',
        "coalesce(email, '')",
        "coalesce(email_sha256, '')",
        "coalesce(source_system, '')",
        "coalesce(source_contact_id, '')",
        'lower(attribute_name)',
        'observed_at',
    ]) }}

)

select * from ranked
