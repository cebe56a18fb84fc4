{# Whether a raw table is there, without naming it: intermediate models read no raw table. #}
{% macro has_raw_table(table) -%}
    {{- return(var('demo_data') or table in var('raw_tables') or crm_segmentation.feeding_systems(table) | length > 0) -}}
{%- endmacro %}


{# Whether an empty raw table is told: one that is there, and is not said to be empty. Without contacts there is nothing to build, so
   of these it always is. #}
{% macro is_expected_with_rows(table) -%}
    {{- return(crm_segmentation.has_raw_table(table) and (table == 'raw_contacts' or table not in var('empty_raw_tables'))) -}}
{%- endmacro %}


{# What raw rows may be named by a key: the relation, its columns, whether its keys belong to a source system, whether one names
   a single row of it, and where its raw rows stand with what became of them. #}
{% macro input_targets() -%}
    {{- return({
        'contacts': {'relation': ref('crm_segmentation', 'int_identity__records'), 'key': 'source_contact_id', 'has_system': true, 'is_unique': true, 'judged': ref('crm_segmentation', 'base_people__contacts'), 'raw_table': 'raw_contacts'},
        'orders': {'relation': ref('crm_segmentation', 'stg_commerce__orders'), 'key': 'source_order_id', 'has_system': true, 'is_unique': true, 'judged': ref('crm_segmentation', 'base_commerce__orders'), 'raw_table': 'raw_orders'},
        'orders_with_lines': {'relation': ref('crm_segmentation', 'stg_commerce__order_items'), 'key': 'source_order_id', 'has_system': true, 'judged': ref('crm_segmentation', 'base_commerce__order_items'), 'raw_table': 'raw_order_items'},
        'products': {'relation': ref('crm_segmentation', 'stg_commerce__products'), 'key': 'source_product_id', 'has_system': false, 'judged': ref('crm_segmentation', 'base_commerce__products'), 'raw_table': 'raw_products'},
        'campaigns': {'relation': ref('crm_segmentation', 'stg_activity__campaigns'), 'key': 'campaign_id', 'has_system': false, 'judged': ref('crm_segmentation', 'base_activity__campaigns'), 'raw_table': 'raw_campaigns'},
    }) -}}
{%- endmacro %}


{# The keys of each of input_targets, each once, as a common table expression. The next one follows. #}
{% macro target_keys() -%}
    {%- for target, found in crm_segmentation.input_targets().items() %}
{{ target }}_targets as (

    select{{ ' distinct' if not found.is_unique }}
        {{ 'source_system' if found.has_system else "''" }} as target_system,
        {{ found.key }} as target_key

    from {{ found.relation }}

),
{{ '\n' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{# Every column that names a row of another table. Where that table is not there, nothing can be looked up. #}
{% macro input_references() -%}
    {%- set references = [
        {'check_name': 'contacts_named', 'raw_table': 'raw_contact_identifiers', 'relation': ref('crm_segmentation', 'stg_people__contact_identifiers'), 'key': 'source_contact_id', 'target': 'contacts'},
        {'check_name': 'contacts_named', 'raw_table': 'raw_orders', 'relation': ref('crm_segmentation', 'stg_commerce__orders'), 'key': 'source_contact_id', 'target': 'contacts'},
        {'check_name': 'contacts_named', 'raw_table': 'raw_events', 'relation': ref('crm_segmentation', 'int_activity__daily'), 'key': 'visitor_id', 'target': 'contacts', 'rows': 'event_count', 'where': "visitor_type = 'contact'"},
        {'check_name': 'contacts_named', 'raw_table': 'raw_consents', 'relation': ref('crm_segmentation', 'stg_people__consents'), 'key': 'source_contact_id', 'target': 'contacts'},
        {'check_name': 'contacts_named', 'raw_table': 'raw_contact_tags', 'relation': ref('crm_segmentation', 'stg_people__contact_tags'), 'key': 'source_contact_id', 'target': 'contacts'},
        {'check_name': 'contacts_named', 'raw_table': 'raw_contact_attributes', 'relation': ref('crm_segmentation', 'stg_people__contact_attributes'), 'key': 'source_contact_id', 'target': 'contacts'},
        {'check_name': 'contacts_named', 'raw_table': 'raw_experiment_assignments', 'relation': ref('crm_segmentation', 'stg_activity__experiment_assignments'), 'key': 'source_contact_id', 'target': 'contacts'},
    ] -%}
    {%- if crm_segmentation.has_raw_table('raw_order_items') -%}
        {%- do references.append({'check_name': 'orders_named', 'raw_table': 'raw_order_items', 'relation': ref('crm_segmentation', 'stg_commerce__order_items'), 'key': 'source_order_id', 'target': 'orders'}) -%}
        {%- do references.append({'check_name': 'orders_with_lines', 'raw_table': 'raw_orders', 'relation': ref('crm_segmentation', 'stg_commerce__orders'), 'key': 'source_order_id', 'target': 'orders_with_lines'}) -%}
    {%- endif -%}
    {%- if crm_segmentation.has_raw_table('raw_products') -%}
        {%- do references.append({'check_name': 'products_named', 'raw_table': 'raw_order_items', 'relation': ref('crm_segmentation', 'stg_commerce__order_items'), 'key': 'source_product_id', 'target': 'products'}) -%}
        {%- do references.append({'check_name': 'products_named', 'raw_table': 'raw_events', 'relation': ref('crm_segmentation', 'int_activity__interests'), 'key': 'source_product_id', 'target': 'products', 'rows': 'event_count', 'where': "source_product_id != ''"}) -%}
    {%- endif -%}
    {%- if crm_segmentation.has_raw_table('raw_campaigns') -%}
        {%- do references.append({'check_name': 'campaigns_named', 'raw_table': 'raw_events', 'relation': ref('crm_segmentation', 'base_activity__events'), 'key': 'campaign_id', 'target': 'campaigns', 'where': "row_status = 'kept'"}) -%}
    {%- endif -%}
    {{- return(references) -}}
{%- endmacro %}


{# The keys that rows name, by one of input_references. They are looked up as they come: to group them first costs more than it saves. #}
{% macro named_keys(reference) -%}
    select
        source_system,
        {{ 'source_system' if crm_segmentation.input_targets()[reference.target].has_system else "''" }} as target_system,
        {{ reference.key }} as reference_key,
        {{ reference.get('rows', '1') }} as row_count

    from {{ reference.relation }}

    where source_system is not null and {{ reference.key }} is not null and {{ reference.get('where', '1 = 1') }}
{%- endmacro %}


{# A key without its letter case and without the .0 that a spreadsheet or a floating-point column puts at its end. #}
{% macro key_without_point(key) -%}
    lower({{ crm_segmentation.regexp_replace_all(key, '[.]0+$', '') }})
{%- endmacro %}


{# The same without what else differs where two systems write one key: zeros in front, which a spreadsheet eats, quotes, brackets, spaces,
   commas between thousands, full-width digits and characters that do not show. Most keys have none of it, which one look tells. #}
{% macro loose_key(key) -%}
    {%- set dropped = crm_segmentation.blank_characters() ~ ',"`=(){}[]\u2018\u2019\u201c\u201d' ~ "'" -%}
    {%- set plain -%}
        translate({{ crm_segmentation.key_without_point(key) }}, {{ crm_segmentation.text_literal('０１２３４５６７８９' ~ dropped) }}, '0123456789')
    {%- endset -%}
    case
        when {{ crm_segmentation.regexp_like(key, '^[A-Za-z1-9][A-Za-z0-9_:/@-]*$') }} then lower({{ key }})
        else {{ crm_segmentation.regexp_replace_all(plain, '^0+([0-9])', '\\1') }}
    end
{%- endmacro %}


{# What to do so that a key which is missing matches one of target_keys that is written nearly alike. #}
{% macro key_remedy(missing, targets) -%}
    case
        when {{ targets }}.target_system not in ('', {{ missing }}.source_system)
            then 'write source_system as ' || {{ targets }}.target_system
        when lower({{ targets }}.target_key) = lower({{ missing }}.missing_key)
            then 'write the key in the same letter case'
        when {{ crm_segmentation.key_without_point(targets ~ '.target_key') }} = {{ crm_segmentation.key_without_point(missing ~ '.missing_key') }}
            then 'write the key without .0 at its end'
        else 'write the key alike in both tables'
    end
{%- endmacro %}


{# A key without what stands before its last part: 123 of cust_123, of shop/customer-123 and of K123. Another key is as it is. #}
{% macro key_without_prefix(key) -%}
    case
        when {{ crm_segmentation.regexp_like(key, '[^A-Za-z0-9]') }}
            then {{ crm_segmentation.regexp_replace_all(key, '^.*[^A-Za-z0-9]([A-Za-z0-9]+)$', '\\1') }}
        else {{ crm_segmentation.regexp_replace_all(key, '^[A-Za-z]+([0-9]+)$', '\\1') }}
    end
{%- endmacro %}


{# What stands before the last part of a key; empty where nothing does. #}
{% macro key_prefix(key) -%}
    substr({{ key }}, 1, length({{ key }}) - length({{ crm_segmentation.key_without_prefix(key) }}))
{%- endmacro %}


{# The columns of a raw table that are no text: what cannot be read in them names nobody. #}
{% macro typed_raw_columns(raw_table) -%}
    {%- if not execute -%}{{- return([]) -}}{%- endif -%}
    {%- set columns = [] -%}
    {%- for column in crm_segmentation.raw_contract(raw_table).columns.values() if column.data_type != 'text' and not column.config.meta.is_about_loading -%}
        {%- do columns.append(column.name) -%}
    {%- endfor -%}
    {{- return(columns) -}}
{%- endmacro %}


{# How a moment or number is written: 9 for every digit and a for every letter, so that no single value shows. #}
{% macro number_shape(value) -%}
    {%- set digits = crm_segmentation.regexp_replace_all(crm_segmentation.text_of(value), '[0-9]', '9') -%}
    {{ crm_segmentation.regexp_replace_all(digits, '[^-9 .,:/+]', 'a') }}
{%- endmacro %}


{# A word as the report may show it: short, and nothing in it that could be an address or a number of somebody. #}
{% macro shown_word(word) -%}
    case
        when length({{ word }}) > 80 or {{ word }} like '%@%' or {{ crm_segmentation.regexp_like(word, '([0-8][0-9]{5}|[0-9]{5}[0-8])') }} then 'a value that is no word'
        else {{ word }}
    end
{%- endmacro %}


{# Whether an experiment's name is spelt in one way: as it is declared, or as all assignments spell it. #}
{% macro is_one_spelling(name, is_spelt_alike) -%}
    {%- set declared = crm_segmentation.experiment_catalogue() | map(attribute='name') | list -%}
    {%- if declared -%}
        ({{ name }} in ('{{ declared | join("', '") }}') or ({{ is_spelt_alike }} and lower({{ name }}) not in ('{{ declared | map('lower') | join("', '") }}')))
    {%- else -%}
        {{ is_spelt_alike }}
    {%- endif -%}
{%- endmacro %}


{# The sentence of a check with what was found put in. Columns of the rule and of the measure are in reach. #}
{% macro input_check_advice() -%}
    {%- set state = namespace(sentence='advice') -%}
    {%- for placeholder, value in {
        '[failing]': 'cast(failing_count as ' ~ dbt.type_string() ~ ')',
        '[rows]': 'cast(row_count as ' ~ dbt.type_string() ~ ')',
        '[table]': "raw_table || case when source_system = '' then '' else ' of ' || source_system end" ~ crm_segmentation.landed_words('raw_table', 'source_system'),
        '[subject]': 'subject',
        '[reporting_currency]': "'" ~ var('reporting_currency') ~ "'",
        '[as_of_date]': "'" ~ crm_segmentation.as_of_day() ~ "'",
        '[healed]': "'" ~ ('built anew from there on' if var('heal_changed_events') else 'left as they were because heal_changed_events is false; dbt build --full-refresh -s base_activity__events+ builds them anew') ~ "'",
        '[found]': "coalesce(found, advice_otherwise, 'nothing')",
    }.items() -%}
        {%- set state.sentence = 'replace(' ~ state.sentence ~ ", '" ~ placeholder ~ "', " ~ value ~ ')' -%}
    {%- endfor -%}
    {{- state.sentence -}}
{%- endmacro %}


{# Pre-hook of int_quality__input_errors, which every published mart stands on: says what is not right with what came in, and stops
   the run where an error was found. #}
{% macro tell_input_checks() %}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set rows = crm_segmentation.named_rows(run_query(
        "select status, advice from " ~ ref('crm_segmentation', 'int_quality__input_verdicts') ~ " where status != 'ok'"
        ~ " order by status, check_name, raw_table, source_system, subject"
    )) -%}
    {%- set errors = [] -%}
    {%- for row in rows -%}
        {%- if row.status == 'error' and var('stop_on_input_errors') -%}
            {%- do errors.append(row.advice) -%}
        {%- else -%}
            {%- do exceptions.warn(row.advice) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if errors -%}
        {{- exceptions.raise_compiler_error(
            "What came in cannot be right, so nothing is published:\n  - " ~ errors | join("\n  - ")
            ~ "\nWhere it is right all the same, set stop_on_input_errors: false, or the check's error_share in seeds/reference/input_check_rules.csv."
        ) -}}
    {%- endif -%}
{% endmacro %}


{# The raw tables that are there and say of each row which source system it is from. #}
{% macro tables_with_system() -%}
    {%- set tables = [] -%}
    {%- for table in [
        'raw_contacts', 'raw_contact_identifiers', 'raw_orders', 'raw_order_items', 'raw_events', 'raw_consents', 'raw_contact_tags',
        'raw_contact_attributes', 'raw_experiment_assignments',
    ] if crm_segmentation.has_raw_table(table) -%}
        {%- set relation = crm_segmentation.raw_relation(table) -%}
        {%- set physical = crm_segmentation.raw_columns(table, relation) if execute else none -%}
        {%- do tables.append(table) if physical is none or 'source_system' in physical -%}
    {%- endfor -%}
    {{- return(tables) -}}
{%- endmacro %}


{# Amounts that are compared with what they are made of: SQL over int_quality__input_minor_units, and the table and column that are
   wrong where the amount is a hundred times the other. #}
{% macro minor_unit_checks() -%}
    {{- return([
        {'raw_table': 'raw_orders', 'subject': 'order_total', 'has_system': true, 'amount': 'order_total', 'beside': 'lines_total'},
        {'raw_table': 'raw_order_items', 'subject': 'unit_price', 'has_system': true, 'amount': 'lines_total', 'beside': 'order_total'},
        {'raw_table': 'raw_order_items', 'subject': 'unit_price beside the price of the product', 'has_system': true, 'amount': 'priced_total', 'beside': 'list_total'},
        {'raw_table': 'raw_products', 'subject': 'price', 'has_system': false, 'amount': 'list_total', 'beside': 'priced_total'},
    ]) -}}
{%- endmacro %}


{# Whether an amount is about a hundred times another: discounts, taxes and carriage come between the two, but hardly a factor of two.
   The bounds are no quotient of two prices, so that the order in which doubles are added up decides nothing. #}
{% macro is_hundredfold(amount, other) -%}
    {{ other }} > 0 and {{ amount }} >= 48.0173 * {{ other }} and {{ amount }} <= 208.0173 * {{ other }}
{%- endmacro %}


{# Every share that is told of contacts: check, subject, and which records fail it out of which; SQL over int_quality__input_contacts. #}
{% macro contact_shares() %}
    {%- set shares = [
        ('contact_identifiers', '', 'linked_records.record_id is null', '1 = 1'),
        ('usable_emails', 'email', 'contacts.email is null', 'contacts.raw_email is not null'),
        ('usable_phones', 'phone', 'contacts.phone_e164 is null', 'contacts.raw_phone is not null'),
    ] -%}
    {%- if crm_segmentation.has_raw_table('raw_consents') -%}
        {%- do shares.append(('decisions', 'any channel', 'decisions.record_id is null', '1 = 1')) -%}
        {%- for channel in var('consent_defaults') -%}
            {%- do shares.append(('decisions_by_channel', channel, 'coalesce(decisions.decided_on_' ~ channel ~ ', 0) = 0', '1 = 1')) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(shares) -}}
{% endmacro %}
