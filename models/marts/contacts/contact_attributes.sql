-- Guarantees one value for each contact and attribute, never one of an erased contact. A value whose owner cannot be
-- found is nobody's and left out.
with

observations as (

    select
        *,
        {{ identifier_key(matching_email('email')) }} as address_key

    from {{ ref('crm_segmentation', 'stg_people__contact_attributes') }}

),

known_records as (

    select * from {{ ref('crm_segmentation', 'int_contacts__known_records') }}

),

hashed_emails as (

    select * from {{ ref('crm_segmentation', 'int_contacts__hashed_emails') }}

),

identifier_owners as (

    select * from {{ ref('crm_segmentation', 'int_contacts__identifier_owners') }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}
    where not is_erased

),

-- The contact that the provider names by its key, else the owner of the e-mail address, or of the one that the hash is of.
attributed as (

    select
        observations.*,
        coalesce(known_records.contact_id, {{ owner_at('identifier_owners', 'observations.observed_at') }}) as contact_id

    from observations

    left join known_records on observations.record_id = known_records.record_id

    left join hashed_emails on observations.email_sha256 = hashed_emails.email_sha256

    left join identifier_owners
        on
            identifier_owners.identifier_type = 'email'
            and coalesce(observations.address_key, hashed_emails.identifier_key) = identifier_owners.identifier_key

),

-- The newest value wins; of two at the same moment, the one that is nearer to the customer.
ranked as (

    select
        attributed.*,
        row_number() over (
            partition by attributed.contact_id, attributed.attribute_name
            order by
                attributed.observed_at desc,
                attributed.party asc,
                {{ by_code_point('attributed.provider') }} asc,
                {{ by_code_point('attributed.attribute_value') }} asc
        ) as observation_rank

    from attributed

    inner join contacts on attributed.contact_id = contacts.contact_id

),

contact_attributes as (

    select
        contact_id,
        attribute_name,
        attribute_value,
        provider,
        party,
        observed_at,
        cast({{ days_ago('observed_at') }} as {{ dbt.type_int() }}) as age_days,
        {{ as_of_date() }} as as_of_date

    from ranked

    where observation_rank = 1

)

select * from contact_attributes
