-- Guarantees one row per record, its newest kept version, with every value in one form or null; what arrived stands beside it.
with

kept_rows as (

    select * from {{ ref('crm_segmentation', 'base_people__contacts') }}
    where row_status = 'kept'

),

-- Apart, because an engine that keeps a table expression would look all of it through for each of them.
{%- for kind, relation in {'country': 'countries', 'language': 'languages', 'gender': 'genders', 'time_zone': 'time_zones'}.items() %}

{{ relation }} as (

    select * from {{ ref('crm_segmentation', 'base_people__spellings') }}
    where kind = '{{ kind }}'

),
{%- endfor %}

phone_numbers as (

    select * from {{ ref('crm_segmentation', 'base_people__phone_numbers') }}

),

contacts as (

    select
        -- ids
        {{ hashed_key(['kept_rows.source_system', 'kept_rows.source_contact_id']) }} as record_id,
        kept_rows.source_system,
        kept_rows.source_contact_id,

        -- identifiers
        {{ email_address('kept_rows.email') }} as email,
        phone_numbers.phone_e164,
        phone_numbers.phone_line,

        -- names
        {{ tidy_name('kept_rows.first_name') }} as first_name,
        {{ tidy_name('kept_rows.last_name') }} as last_name,

        -- demographics
        {{ possible_birth_date('kept_rows.birth_date') }} as birth_date,
        genders.stored_value as gender,
        kept_rows.education,
        kept_rows.income_band,
        kept_rows.job_title,
        kept_rows.company,
        {{ tidy_list('kept_rows.interests') }} as interests,
        kept_rows.lifestyle,

        -- geography
        kept_rows.address_line,
        kept_rows.postal_code,
        kept_rows.city,
        kept_rows.region,
        countries.stored_value as country_code,
        languages.stored_value as language_code,
        time_zones.stored_value as time_zone,

        -- origin and timestamps
        kept_rows.acquisition_source,
        {{ unless_later('kept_rows.signed_up_at') }} as signed_up_at,
        kept_rows.created_at,
        kept_rows.version_at as updated_at,

        kept_rows.is_erased,

        -- what arrived, for rejected_values
        {%- for column in ['email', 'phone', 'gender', 'country', 'language'] %}
        kept_rows.{{ column }} as raw_{{ column }},
        {%- endfor %}
        phone_numbers.rejection_reason as phone_rejection_reason,
        kept_rows.raw_birth_date,
        kept_rows.birth_date as parsed_birth_date,
        kept_rows.timezone as raw_time_zone,
        kept_rows.raw_signed_up_at,
        kept_rows.raw_updated_at,
        kept_rows.updated_at as parsed_updated_at,
        kept_rows.unreadable_deleted_at

    from kept_rows

    left join countries on lower(kept_rows.country) = countries.spelling

    left join languages on {{ language_spelling('kept_rows.language') }} = languages.spelling

    left join genders on lower(kept_rows.gender) = genders.spelling

    left join time_zones on lower(kept_rows.timezone) = time_zones.spelling

    left join phone_numbers on {{ same_phone('kept_rows') }}

)

select * from contacts
