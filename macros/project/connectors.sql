{# What connectors can read: for every system the loaders that it is known from and the raw tables that it feeds. What it feeds only when
   asked stands apart: the same purchase must not come from the shop and from the tracker beside it. A system that writes the tables of
   another is read by the models of that one (read_as). #}
{% macro connector_systems() -%}
    {{- return({
        'shopify': {
            'loaders': ['fivetran', 'airbyte', 'dlt'],
            'feeds': ['raw_contacts', 'raw_orders', 'raw_order_items', 'raw_products', 'raw_events', 'raw_consents'],
            'feeds_when_asked': [],
        },
        'hubspot': {
            'loaders': ['fivetran', 'airbyte', 'dlt'],
            'feeds': ['raw_contacts', 'raw_contact_identifiers', 'raw_events', 'raw_campaigns', 'raw_consents'],
            'feeds_when_asked': [],
        },
        'klaviyo': {
            'loaders': ['fivetran', 'airbyte', 'dlt'],
            'feeds': ['raw_contacts', 'raw_events', 'raw_campaigns', 'raw_consents'],
            'feeds_when_asked': [],
        },
        'mailchimp': {
            'loaders': ['fivetran', 'airbyte', 'dlt'],
            'feeds': ['raw_contacts', 'raw_events', 'raw_campaigns', 'raw_consents'],
            'feeds_when_asked': [],
        },
        'salesforce': {
            'loaders': ['fivetran', 'airbyte', 'dlt'],
            'feeds': ['raw_contacts', 'raw_contact_identifiers', 'raw_events', 'raw_campaigns', 'raw_consents'],
            'feeds_when_asked': ['raw_orders', 'raw_order_items', 'raw_products'],
        },
        'dynamics': {
            'loaders': ['fivetran', 'airbyte'],
            'feeds': ['raw_contacts', 'raw_contact_identifiers', 'raw_events', 'raw_campaigns', 'raw_consents'],
            'feeds_when_asked': ['raw_orders', 'raw_order_items', 'raw_products'],
        },
        'stripe': {
            'loaders': ['fivetran', 'airbyte', 'dlt'],
            'feeds': ['raw_contacts', 'raw_events'],
            'feeds_when_asked': ['raw_orders'],
        },
        'woocommerce': {
            'loaders': ['fivetran', 'airbyte', 'dlt'],
            'feeds': ['raw_contacts', 'raw_orders', 'raw_order_items', 'raw_products'],
            'feeds_when_asked': [],
        },
        'braze': {
            'loaders': ['fivetran', 'data_sharing', 'currents'],
            'feeds': ['raw_contacts', 'raw_contact_identifiers', 'raw_events', 'raw_campaigns', 'raw_consents'],
            'feeds_when_asked': [],
        },
        'iterable': {
            'loaders': ['fivetran', 'airbyte'],
            'feeds': ['raw_contacts', 'raw_contact_identifiers', 'raw_events', 'raw_campaigns', 'raw_consents'],
            'feeds_when_asked': [],
        },
        'onesignal': {
            'loaders': ['airbyte', 'export'],
            'feeds': ['raw_contacts', 'raw_contact_identifiers', 'raw_consents'],
            'feeds_when_asked': [],
        },
        'moengage': {
            'loaders': ['export'],
            'feeds': ['raw_contacts', 'raw_events', 'raw_campaigns', 'raw_consents'],
            'feeds_when_asked': [],
        },
        'clevertap': {
            'loaders': ['export', 'dlt'],
            'has_time_zone': true,
            'feeds': ['raw_contacts', 'raw_contact_identifiers', 'raw_events', 'raw_consents'],
            'feeds_when_asked': ['raw_orders', 'raw_order_items'],
        },
        'eloqua': {
            'loaders': ['stitch', 'export'],
            'has_time_zone': true,
            'feeds': ['raw_contacts', 'raw_events', 'raw_campaigns', 'raw_consents'],
            'feeds_when_asked': [],
        },
        'responsys': {
            'loaders': ['export'],
            'has_time_zone': true,
            'feeds': ['raw_contacts', 'raw_contact_identifiers', 'raw_events', 'raw_campaigns', 'raw_consents'],
            'feeds_when_asked': [],
        },
        'dmp': {
            'loaders': ['export'],
            'feeds': ['raw_contact_attributes'],
            'feeds_when_asked': [],
        },
        'ga4': {
            'loaders': ['fivetran', 'ga4'],
            'feeds': ['raw_events'],
            'feeds_when_asked': ['raw_orders'],
        },
        'segment': {
            'loaders': ['segment'],
            'feeds': ['raw_contacts', 'raw_contact_identifiers', 'raw_events'],
            'feeds_when_asked': ['raw_orders', 'raw_order_items'],
        },
        'rudderstack': {
            'loaders': ['rudderstack'],
            'read_as': 'segment',
            'feeds': ['raw_contacts', 'raw_contact_identifiers', 'raw_events'],
            'feeds_when_asked': ['raw_orders', 'raw_order_items'],
        },
        'snowplow': {
            'loaders': ['snowplow', 'snowplow_tables'],
            'feeds': ['raw_contact_identifiers', 'raw_events'],
            'feeds_when_asked': ['raw_orders'],
        },
        'amplitude': {
            'loaders': ['fivetran', 'airbyte', 'amplitude'],
            'feeds': ['raw_contacts', 'raw_contact_identifiers', 'raw_events'],
            'feeds_when_asked': [],
        },
        'mixpanel': {
            'loaders': ['fivetran', 'airbyte', 'mixpanel'],
            'has_time_zone': true,
            'feeds': ['raw_contacts', 'raw_contact_identifiers', 'raw_events'],
            'feeds_when_asked': [],
        },
    }) -}}
{%- endmacro %}


{# How a loader writes tables: what joins the names of nested properties (none: they stay JSON), its own columns for arrival, deletion,
   the current version (or when a version ended) and the row, whether it may leave several versions of a row, whether it makes tables of
   lists, and the loader whose words for a property hold where nothing is said of its own. #}
{% macro connector_loaders() -%}
    {{- return({
        'fivetran': {
            'joined_by': '_', 'arrived': '_fivetran_synced', 'deleted': '_fivetran_deleted', 'current': '_fivetran_active',
            'row': '_fivetran_id', 'keeps_versions': false,
        },
        'airbyte': {
            'joined_by': none, 'arrived': '_airbyte_extracted_at', 'deleted': '_ab_cdc_deleted_at', 'current': none,
            'row': '_airbyte_raw_id', 'keeps_versions': true,
        },
        'dlt': {
            'joined_by': '__', 'arrived': '_dlt_load_id', 'deleted': none, 'current': none, 'ended': '_dlt_valid_to',
            'row': '_dlt_id', 'keeps_versions': true, 'lists_as_tables': true, 'names_as': 'airbyte',
        },
        'export': {
            'joined_by': '_', 'arrived': none, 'deleted': none, 'current': none,
            'row': none, 'keeps_versions': false,
        },
        'stitch': {
            'joined_by': '__', 'arrived': '_sdc_batched_at', 'deleted': '_sdc_deleted_at', 'current': none,
            'row': '_sdc_sequence', 'keeps_versions': true,
        },
        'ga4': {
            'joined_by': none, 'arrived': none, 'deleted': none, 'current': none,
            'row': none, 'keeps_versions': false,
        },
        'data_sharing': {
            'joined_by': '_', 'arrived': 'sf_created_at', 'deleted': none, 'current': none,
            'row': none, 'keeps_versions': false,
        },
        'currents': {
            'joined_by': '_', 'arrived': none, 'deleted': none, 'current': none,
            'row': none, 'keeps_versions': false, 'names_as': 'data_sharing',
        },
        'segment': {
            'joined_by': '_', 'arrived': 'uuid_ts', 'deleted': none, 'current': none,
            'row': 'received_at', 'keeps_versions': true,
        },
        'rudderstack': {
            'joined_by': '_', 'arrived': 'uuid_ts', 'deleted': none, 'current': none,
            'row': 'received_at', 'keeps_versions': true,
        },
        'snowplow': {
            'joined_by': none, 'arrived': 'load_tstamp', 'deleted': none, 'current': none,
            'row': none, 'keeps_versions': false,
        },
        'snowplow_tables': {
            'joined_by': none, 'arrived': 'load_tstamp', 'deleted': none, 'current': none,
            'row': none, 'keeps_versions': false,
        },
        'amplitude': {
            'joined_by': none, 'arrived': none, 'deleted': none, 'current': none,
            'row': none, 'keeps_versions': false,
        },
        'mixpanel': {
            'joined_by': none, 'arrived': none, 'deleted': none, 'current': none,
            'row': none, 'keeps_versions': false,
        },
    }) -}}
{%- endmacro %}


{# The tables that a model reads of a loader: for each the names that it may have, of which the first that has landed is read. #}
{% macro table_groups(names) -%}
    {%- set groups = {} -%}
    {%- for name in ([names] if names is string else names or []) -%}
        {%- if name is string -%}
            {%- do groups.setdefault(name | lower | replace('_', ''), []).append(name) -%}
        {%- else -%}
            {%- do groups.update({name | join(' '): name}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(groups.values() | list) -}}
{%- endmacro %}


{# All those names in one list. #}
{% macro flat_names(names) -%}
    {{- return(crm_segmentation.table_groups(names) | sum(start=[])) -}}
{%- endmacro %}


{# Names as dlt writes them: CamelCase becomes camel_case, and what is neither letter nor digit an underscore. #}
{% macro snake_names(names) -%}
    {%- set snakes = [] -%}
    {%- for name in names -%}
        {%- set parted = modules.re.sub('([a-z0-9])([A-Z])', '\\1_\\2', modules.re.sub('([^_])([A-Z][a-z]+)', '\\1_\\2', name)) -%}
        {%- do snakes.append(modules.re.sub('[^a-z0-9_]', '_', parted | lower)) -%}
    {%- endfor -%}
    {{- return(snakes) -}}
{%- endmacro %}


{# The instances that the variable connectors switches on, each with all its keys, and with how its loader writes tables (`writes`). What is
   wrong with an entry is said by check_variables, before the first model; here such an entry is passed over. #}
{% macro connectors() -%}
    {%- set instances, given = [], var('connectors') -%}
    {%- set systems, loaders = crm_segmentation.connector_systems(), crm_segmentation.connector_loaders() -%}
    {%- for entry in given if given is sequence and given is not string and entry is mapping and entry.system in systems -%}
        {%- set known = systems[entry.system] -%}
        {%- do instances.append({
            'system': known.get('read_as', entry.system),
            'name': entry.system,
            'loader': entry.loader,
            'writes': loaders.get(entry.loader, {}),
            'database': entry.get('database') or target.database,
            'schema': entry.schema,
            'source_system': entry.get('source_system') or entry.system,
            'contacts_of': entry.get('contacts_of') or entry.get('source_system') or entry.system,
            'time_zone': entry.get('time_zone'),
            'party': entry.get('party') or 'third',
            'tables': entry.get('tables') or {},
            'columns': entry.get('columns') or {},
            'feeds': crm_segmentation.full_table_names(entry.get('feeds')) or known.feeds,
        }) -%}
    {%- endfor -%}
    {{- return(instances) -}}
{%- endmacro %}


{# Raw tables as the contract names them: orders is short for raw_orders. #}
{% macro full_table_names(names) -%}
    {%- set tables = [] -%}
    {%- for name in names or [] if name is string and names is not string -%}
        {%- do tables.append(name if name.startswith('raw_') else 'raw_' ~ name) -%}
    {%- endfor -%}
    {{- return(tables) -}}
{%- endmacro %}


{# The instances that the models of a system read and that are switched on; where a raw table is named, those that feed it. #}
{% macro instances_of(system, table=none) -%}
    {%- set instances = [] -%}
    {%- for instance in crm_segmentation.connectors() if instance.system == system and (table is none or table in instance.feeds) -%}
        {%- do instances.append(instance) -%}
    {%- endfor -%}
    {{- return(instances) -}}
{%- endmacro %}


{# Whether there is one. #}
{% macro is_connected(system, table=none) -%}
    {{- return(crm_segmentation.instances_of(system, table) | length > 0) -}}
{%- endmacro %}


{# The systems that are switched on and feed a raw table, in the order in which they are known. #}
{% macro feeding_systems(table) -%}
    {%- set systems = [] -%}
    {%- for system in crm_segmentation.connector_systems() if crm_segmentation.is_connected(system, table) -%}
        {%- do systems.append(system) -%}
    {%- endfor -%}
    {{- return(systems) -}}
{%- endmacro %}


{# Texts of the instances of a system that feed a raw table, for a condition on source_system: another instance of the same system may
   feed other tables alone. #}
{% macro instances_feeding(system, table) -%}
    {{- crm_segmentation.text_literals(crm_segmentation.instances_of(system, table) | map(attribute='source_system') | list) -}}
{%- endmacro %}


{# SQL of the source system whose keys an instance names people by: its own, unless contacts_of says another. #}
{% macro contact_system(system) -%}
    case source_system
        {%- for instance in crm_segmentation.instances_of(system) %}
        when {{ crm_segmentation.sql_text(instance.source_system) }} then {{ crm_segmentation.sql_text(instance.contacts_of) }}
        {%- endfor %}
        else source_system
    end
{%- endmacro %}


{# SQL of a moment in UTC that a system reads off its own clock, where an instance says in which time zone that is. #}
{% macro in_utc(moment, system) -%}
    {%- set zoned = crm_segmentation.instances_of(system) | selectattr('time_zone') | list -%}
    {%- if zoned -%}
    case source_system
        {%- for instance in zoned %}
        when {{ crm_segmentation.sql_text(instance.source_system) }} then {{ crm_segmentation.utc_from_local(moment, crm_segmentation.sql_text(instance.time_zone)) }}
        {%- endfor %}
        else {{ moment }}
    end
    {%- else -%}
    {{ moment }}
    {%- endif -%}
{%- endmacro %}


{# SQL of the party that delivers attributes by an instance: a partner (second) or somebody who sells them (third). #}
{% macro party_of(system) -%}
    case source_system
        {%- for instance in crm_segmentation.instances_of(system) %}
        when {{ crm_segmentation.sql_text(instance.source_system) }} then {{ crm_segmentation.sql_text(instance.party) }}
        {%- endfor %}
        else 'third'
    end
{%- endmacro %}


{# What is wrong with one entry of the variable connectors; the others are known by their source_system. #}
{% macro connector_problems(name, entry, entries) %}
    {%- set systems, loaders = crm_segmentation.connector_systems(), crm_segmentation.connector_loaders() -%}
    {%- set keys = ['system', 'loader', 'schema', 'source_system', 'database', 'feeds', 'contacts_of', 'time_zone', 'party', 'tables', 'columns'] -%}
    {%- if entry is not mapping -%}
        {{- return([
            name ~ " has the entry '" ~ entry ~ "': write a system with its loader and schema, for example {system: shopify, loader: fivetran, schema: shopify}."
        ]) -}}
    {%- endif -%}
    {%- set problems = [] -%}
    {%- set usual_tables = crm_segmentation.usual_tables(entry.system, entry.loader) if graph is defined and graph.nodes else [] -%}
    {%- set where = name ~ " has " ~ (entry.system or 'an entry without system') ~ (" in " ~ entry.schema if entry.schema else '') -%}
    {%- for key in entry if key not in keys -%}
        {%- do problems.append(where ~ " with the key '" ~ key ~ "', which it does not know. " ~ crm_segmentation.meant(key, keys)) -%}
    {%- endfor -%}
    {%- if entry.system not in systems -%}
        {%- do problems.append(where ~ ", which is no system that can be connected: write one of: " ~ systems | join(', ') ~ ".") -%}
    {%- else -%}
        {%- if entry.loader not in systems[entry.system].loaders -%}
            {%- do problems.append(
                where ~ " with " ~ ("the loader '" ~ entry.loader ~ "'" if entry.loader else "no loader") ~ ": write one of: "
                ~ systems[entry.system].loaders | join(', ') ~ "."
            ) -%}
        {%- endif -%}
        {%- set possible = systems[entry.system].feeds + systems[entry.system].feeds_when_asked -%}
        {%- if 'feeds' in entry and not crm_segmentation.full_table_names(entry.feeds) -%}
            {%- do problems.append(where ~ " with feeds: '" ~ entry.feeds ~ "': write a list of raw tables, or leave it out.") -%}
        {%- endif -%}
        {%- for table in crm_segmentation.full_table_names(entry.get('feeds')) if table not in possible -%}
            {%- do problems.append(where ~ " feeding '" ~ table ~ "', which it does not have: write some of: " ~ possible | join(', ') ~ ".") -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if 'time_zone' in entry and entry.system in systems and not systems[entry.system].has_time_zone -%}
        {%- do problems.append(where ~ " with time_zone, but its moments are in UTC: take it out.") -%}
    {%- endif -%}
    {%- if 'party' in entry and (entry.party not in ['second', 'third'] or entry.system != 'dmp') -%}
        {%- do problems.append(where ~ " with party '" ~ entry.party ~ "': write second or third, for the system dmp alone.") -%}
    {%- endif -%}
    {%- for key in ['schema', 'source_system', 'database', 'contacts_of', 'time_zone'] if key == 'schema' or key in entry -%}
        {%- if entry[key] is not string or entry[key] | trim == '' -%}
            {%- do problems.append(where ~ " without " ~ key ~ ": write the name of " ~ {
                'schema': 'the schema that the loader writes to', 'source_system': 'the source system, as it shall stand in every row',
                'database': 'the database that the schema is in',
                'contacts_of': 'the source system whose keys the user ids of this one are',
                'time_zone': 'the time zone that the project counts its moments in, such as Europe/Berlin',
            }[key] ~ ".") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for key in ['tables', 'columns'] if key in entry -%}
        {%- set example = {'tables': '{email_event: mails}', 'columns': '{email_event: {recipient: address}}'}[key] -%}
        {%- set has_shape = entry[key] is mapping and entry[key].values() | reject('string' if key == 'tables' else 'mapping') | list == [] -%}
        {%- if not has_shape -%}
            {%- do problems.append(
                where ~ " with " ~ key ~ ": '" ~ entry[key] ~ "': write what the loader's tables are called here, by the names that they usually have, such as "
                ~ example ~ "."
            ) -%}
        {%- endif -%}
        {%- for table in entry[key] if has_shape and usual_tables and table not in usual_tables -%}
            {%- do problems.append(
                where ~ " with " ~ key ~ " naming '" ~ table ~ "', which is no table that is read from " ~ entry.loader ~ ". "
                ~ crm_segmentation.meant(table, usual_tables)
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set own_name = crm_segmentation.tidy_system_name(entry) -%}
    {%- for other in entries if other is mapping and other != entry and crm_segmentation.tidy_system_name(other) == own_name and own_name -%}
        {%- do problems.append(
            where ~ " under the source_system '" ~ own_name ~ "', which another entry has too, so that their keys would be taken for each other:"
            ~ " write a source_system of its own for each."
        ) -%}
    {%- endfor -%}
    {%- if entries | select('equalto', entry) | list | length > 1 -%}
        {%- do problems.append(where ~ " twice: take one of the two entries out.") -%}
    {%- endif -%}
    {{- return(problems) -}}
{% endmacro %}


{# The tables that are read of a system as a loader usually calls them. #}
{% macro usual_tables(system, loader) -%}
    {%- set read_as = crm_segmentation.connector_systems().get(system, {}).get('read_as', system) -%}
    {%- set tables = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('landed_' ~ read_as ~ '__') -%}
        {%- for name in crm_segmentation.flat_names(node.config.meta.tables.get(loader)) -%}
            {%- do tables.append(name.split('.')[0]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(tables | unique | list) -}}
{%- endmacro %}


{# The source system of an entry as staging will write it. #}
{% macro tidy_system_name(entry) -%}
    {{- return(modules.re.sub(' +', ' ', (entry.get('source_system') or entry.get('system') or '') | string | trim | lower)) -}}
{%- endmacro %}


{# What is wrong between connectors and the other variables. #}
{% macro connector_combination_problems() %}
    {%- set problems = [] -%}
    {%- if var('connectors') and var('demo_data') -%}
        {%- do problems.append(
            "connectors names " ~ var('connectors') | length ~ " systems, but demo_data is true, which would mix the demo's people with yours:"
            ~ " write demo_data: false, and raw_tables: [] unless you have raw tables of your own beside the connectors."
        ) -%}
    {%- endif -%}
    {{- return(problems) -}}
{% endmacro %}


{# The rows of a raw table from the company's own table and from every connector that feeds it, in the columns that one of them has. A
   column is a text where they do not have it in one type. #}
{% macro connected_rows(table) %}
    {%- set relations = [] -%}
    {%- if crm_segmentation.own_raw_relation(table) is not none -%}
        {%- do relations.append(crm_segmentation.own_raw_relation(table)) -%}
    {%- endif -%}
    {%- for system in crm_segmentation.feeding_systems(table) -%}
        {%- do relations.append(ref('crm_segmentation', 'connected_' ~ system ~ '__' ~ table[4:])) -%}
    {%- endfor -%}
    {%- if not execute -%}{{- return('select 1 as nothing_yet') -}}{%- endif -%}
    {%- set types_by_column, physical_by_relation = {}, [] -%}
    {%- for relation in relations -%}
        {%- set physical = crm_segmentation.raw_columns(table, relation) -%}
        {%- do physical_by_relation.append(physical) -%}
        {%- for column in crm_segmentation.raw_contract(table).columns if column in physical -%}
            {%- do types_by_column.setdefault(column, []).append(physical[column].dtype | lower) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for relation in relations %}
    {%- set physical = physical_by_relation[loop.index0] %}

    select
        {%- for column in crm_segmentation.raw_contract(table).columns.values() if column.name in types_by_column %}
        {{ crm_segmentation.column_of_union(column, physical.get(column.name), types_by_column[column.name] | unique | list) }} as {{ column.name }}
        {{- ',' if not loop.last }}
        {%- endfor %}

    from {{ relation }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{# A column of one part of a union: as it is where all parts have it in one type, as a moment or day where all have one, else as text. #}
{% macro column_of_union(column, physical, types) -%}
    {%- set is_moment = column.data_type in ['timestamp', 'date'] and crm_segmentation.are_moments(types) -%}
    {%- set common_type = crm_segmentation.contract_type(column.data_type) if is_moment else dbt.type_string() -%}
    {%- set data_type = types[0] if types | length == 1 else common_type -%}
    {%- if physical is none -%}
        cast(null as {{ data_type }})
    {%- elif types | length == 1 -%}
        {{ column.name }}
    {%- else -%}
        cast({{ column.name }} as {{ data_type }})
    {%- endif -%}
{%- endmacro %}


{# Whether all of some physical types are moments or days. #}
{% macro are_moments(types) -%}
    {%- set others = [] -%}
    {%- for type in types if not type.startswith(('timestamp', 'date')) -%}
        {%- do others.append(type) -%}
    {%- endfor -%}
    {{- return(others | length == 0) -}}
{%- endmacro %}


{# SQL to put behind the name of a raw table: in brackets the connectors that its rows of a source system come from, and what each reads, so
   that whoever is told of a fault need not know this project's own tables. Empty where no connector is switched on. #}
{% macro landed_words(raw_table, source_system) -%}
    {%- set branches = [] -%}
    {%- for fed in crm_segmentation.connected_tables() -%}
        {%- set words = ' (' ~ fed.sources | join('; ') ~ ')' -%}
        {%- set condition = raw_table ~ " = '" ~ fed.raw_table ~ "' and " ~ source_system ~ ' = ' ~ crm_segmentation.sql_text(fed.source_system) -%}
        {%- do branches.append('when ' ~ condition ~ ' then ' ~ crm_segmentation.sql_text(words)) -%}
    {%- endfor -%}
    {{- return(' || case ' ~ branches | join(' ') ~ " else '' end" if branches else '') -}}
{%- endmacro %}


{# Every raw table that connectors feed, by source system (empty: any), with what feeds it: loader, system and landed tables. #}
{% macro connected_tables() -%}
    {%- if not execute -%}{{- return([]) -}}{%- endif -%}
    {%- set fed = {} -%}
    {%- for instance in crm_segmentation.connectors() -%}
        {%- for raw_table in instance.feeds -%}
            {%- set landed = crm_segmentation.landed_names(instance, raw_table) -%}
            {%- set words = instance.name ~ ' by ' ~ instance.loader ~ ': ' ~ landed | join(', ') -%}
            {%- for name in ['', instance.source_system, instance.contacts_of] | unique -%}
                {%- set name = crm_segmentation.tidy_system_name({'source_system': name}) -%}
                {%- set key = raw_table ~ ' ' ~ name -%}
                {%- do fed.setdefault(key, {'raw_table': raw_table, 'source_system': name, 'sources': []}).sources.append(words) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(fed.values() | list) -}}
{%- endmacro %}


{# The tables of an instance that a raw table is made from, with their schema: those that it cannot be made without, else all of them. #}
{% macro landed_names(instance, raw_table) -%}
    {%- set needed, others = [], [] -%}
    {%- for node in crm_segmentation.landed_models('connected_' ~ instance.system ~ '__' ~ raw_table[4:]) -%}
        {%- for name in crm_segmentation.flat_names(node.config.meta.tables.get(instance.loader)) -%}
            {%- set full_name = instance.schema ~ '.' ~ crm_segmentation.own_table_names(instance, name)[0] -%}
            {%- do (needed if raw_table in (node.config.meta.required_for or []) else others).append(full_name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return((needed or others) | unique | list) -}}
{%- endmacro %}


{# The landed models that a model of the connectors reads, itself or through others, each once. #}
{% macro landed_models(model_name) -%}
    {%- set found, node = {}, crm_segmentation.model_node(model_name) -%}
    {%- for parent in (node.depends_on.nodes if node else []) -%}
        {%- set name = parent.split('.')[-1] -%}
        {%- if name.startswith('landed_') and parent in graph.nodes -%}
            {%- do found.update({parent: graph.nodes[parent]}) -%}
        {%- elif name.startswith('connected_') -%}
            {%- for landed in crm_segmentation.landed_models(name) -%}
                {%- do found.update({landed.unique_id: landed}) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found.values() | list) -}}
{%- endmacro %}


{# Who of some people stands for which key: whoever was merged or converted for that of the record that it led to, and that one for its
   own, so that identity makes one person of them, also over several merges. #}
{% macro holders_of_merged_keys(people) -%}
    select
        source_system,
        person_id,
        same_as_id as shown_id,
        updated_at,
        loaded_at

    from {{ people }}

    where same_as_id is not null and same_as_id != person_id

    union distinct

    select
        survivors.source_system,
        survivors.person_id,
        survivors.person_id as shown_id,
        survivors.updated_at,
        survivors.loaded_at

    from {{ people }} as survivors

    inner join {{ people }} as absorbed
        on survivors.source_system = absorbed.source_system and survivors.person_id = absorbed.same_as_id

    where survivors.person_id != absorbed.person_id
{%- endmacro %}


{# The columns that contacts and leads of Dynamics 365 have in common. #}
{% macro dynamics_person_columns(relation) -%}
    {%- for column in [
        'email', 'phone', 'first_name', 'last_name', 'job_title', 'address_line', 'postal_code', 'city', 'region', 'country', 'source_code',
        'takes_no_email', 'takes_no_bulk_email', 'takes_no_calls', 'takes_no_letters', 'takes_no_marketing', 'has_opted_out_by_law',
        'created_at', 'updated_at', 'loaded_at',
    ] -%}
        {{ relation }}.{{ column }}{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
